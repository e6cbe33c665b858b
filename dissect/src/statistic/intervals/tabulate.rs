//! `io,stat` as a report: a row for each interval and column.

use super::{Intervals, MOST_INTERVALS, What};
use crate::report::{Cell, Column, Report};
use crate::statistic::one_table;

static COLUMNS: &[Column] = &[
    Column::new("start_seconds", "From"),
    Column::new("end_seconds", "To"),
    Column::new("of", "Of"),
    Column::new("packets", "Packets"),
    Column::new("bytes", "Bytes"),
    Column::new("value", "Value"),
];

impl Intervals {
    pub(super) fn tabulate(&self) -> Report {
        let duration = self.duration.max(1);
        let length = self.length.map_or(duration, |length| length.min(duration));
        let rows = self.duration.div_ceil(length).clamp(1, MOST_INTERVALS as u64);
        let nanoseconds =
            |micros: u64| Cell::Seconds(i64::try_from(micros.saturating_mul(1_000)).unwrap_or(i64::MAX));
        // What is only counted has no values.
        let counted = |column: &super::Column| matches!(column.what, What::Both | What::Frames | What::Bytes);
        let columns = if self.columns.iter().all(counted) { &COLUMNS[..COLUMNS.len() - 1] } else { COLUMNS };
        let mut table = Vec::new();
        for column in &self.columns {
            for row in 0..rows {
                let counts = column.cells.get(row as usize).copied().unwrap_or_default();
                let value = column.calculated(row as usize, length, self.duration);
                let mut cells = vec![
                    nanoseconds(row * length),
                    nanoseconds(((row + 1) * length).min(duration)),
                    Cell::text(column.label()),
                    Cell::Count(counts.frames),
                    Cell::Count(counts.bytes),
                    match column.what {
                        What::Both | What::Frames | What::Bytes => Cell::None,
                        _ if column.is_time => Cell::Seconds(value.saturating_mul(1_000)),
                        _ => Cell::Decimal(value as f64, 0),
                    },
                ];
                cells.truncate(columns.len());
                table.push(cells);
            }
        }
        let title = "Packets and bytes over time".to_owned();
        one_table("intervals", title, "Intervals", columns, table, self.left_out)
    }
}
