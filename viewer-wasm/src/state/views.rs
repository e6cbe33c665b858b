//! Views of associations, calls and statistics: which one shows, and what is asked of the worker that makes them.

use super::menu::Item;
use super::{Action, Effect, Pane, State};
use crate::model::keys::{Command, keys_of};
use crate::views::{Ask, PLACES, Told, What};
use std::rc::Rc;

/// The least stretch of time that a chart shows, in nanoseconds.
const LEAST: f64 = 1000.0;

/// The view.
#[derive(Clone, Debug, Default)]
pub struct Views {
    /// Whether it shows.
    pub open: bool,
    /// Where it is.
    pub place: String,
    /// Its markup; empty until it is there.
    pub markup: Rc<str>,
    /// The picture that takes the place of the markup's.
    pub picture: Option<Rc<str>>,
    /// What is near the pointer: where in the picture, and in words.
    pub near: Option<(i32, i32, String)>,
    /// Which part is done of what must be done first.
    pub share: Option<f64>,
    /// Why it can't be shown.
    pub fault: Option<String>,
    /// The element that gets the focus when the markup is there: its id.
    pub focus: Rc<str>,
    /// How often there was other markup.
    pub version: u32,
    /// The part of a chart's time that shows; all of it where both are the same.
    shown: (i64, i64),
    /// The numbers of the questions under way: of the page, a file, the picture, what is near.
    page: Option<u32>,
    file: Option<u32>,
    drawing: Option<u32>,
    nearing: Option<(u32, bool)>,
    /// What is to be asked once the answer is there: whether another picture, and what is near.
    draw: bool,
    next: Option<(i32, i32, bool)>,
}

/// What happens to a view.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Show what is at a place.
    Go(String),
    /// The same place with other rows: what had the focus, by its id, gets it again.
    Stay(String, String),
    /// Show the view, or hide it.
    Toggle,
    /// Go to a packet.
    Packet(u64),
    /// Show another part of a chart's time. All that there is, what stays where it is (a share of the picture), how much more
    /// or less is shown, and by how much it moves (a share).
    Move {
        /// All the time there is.
        whole: (i64, i64),
        /// What stays where it is.
        at: f64,
        /// How much longer the time is that shows.
        times: f64,
        /// How far it moves.
        by: f64,
    },
    /// The pointer is at a place of the picture. Whether it goes to the packet that is there.
    Near(i32, i32, bool),
    /// Save it in a format.
    Save(String),
    /// Print it.
    Print,
    /// The worker answered.
    Told(u32, Told),
}

/// What a view needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Doing {
    /// Ask the worker, which is started and told what is open where that was not done. The width of pictures is filled in.
    Ask(u32, Ask),
    /// Save a text as a file of this name.
    Save(String, String),
    /// Print the page.
    Print,
    /// Put the focus on the view.
    Focus,
}

impl Views {
    /// Whether a question is under way.
    fn asked(&self, number: u32) -> bool {
        let nearing = self.nearing.map(|(number, _)| number);
        [self.page, self.file, self.drawing, nearing].contains(&Some(number))
    }
}

/// Another part of the time.
fn moved(whole: (i64, i64), shown: (i64, i64), at: f64, times: f64, by: f64) -> (i64, i64) {
    let (first, last) = (whole.0 as f64, whole.1 as f64);
    let (from, to) = if shown.0 < shown.1 { (shown.0 as f64, shown.1 as f64) } else { (first, last) };
    let span = ((to - from) * times).max(LEAST).min(last - first);
    let from = from + at * (to - from - span) + by * span;
    let from = from.clamp(first, (last - span).max(first));
    (from as i64, (from + span).ceil() as i64)
}

impl State {
    pub(super) fn view_step(&mut self, step: Step, effects: &mut Vec<Effect>) {
        match step {
            Step::Go(place) => self.view_go(place, "view-title".into(), effects),
            Step::Stay(place, id) => self.view_go(place, id.into(), effects),
            Step::Toggle if self.views.open => {
                (self.views.open, self.views.near) = (false, None);
                effects.push(Effect::Focus(Pane::List));
            }
            Step::Toggle if self.views.place.is_empty() => {
                self.view_go(PLACES[0].0.to_owned(), "view-title".into(), effects);
            }
            Step::Toggle => {
                self.views.open = true;
                effects.push(Effect::View(Doing::Focus));
            }
            Step::Packet(number) => {
                if (1..=self.packets).contains(&number) {
                    (self.views.open, self.views.near) = (false, None);
                    self.select(number, effects);
                    effects.push(Effect::Focus(Pane::List));
                }
            }
            Step::Move { whole, at, times, by } => {
                self.views.shown = moved(whole, self.views.shown, at, times, by);
                self.views.near = None;
                self.view_draw(effects);
            }
            Step::Near(x, y, goes) => self.view_near((x, y, goes), effects),
            Step::Save(format) => {
                let number = self.view_ask(What::File(format), effects);
                self.views.file = Some(number);
            }
            Step::Print => effects.push(Effect::View(Doing::Print)),
            Step::Told(number, told) => self.view_told(number, told, effects),
        }
    }
    fn view_go(&mut self, place: String, focus: Rc<str>, effects: &mut Vec<Effect>) {
        if self.packets == 0 {
            return;
        }
        let Views { markup, version, .. } = std::mem::take(&mut self.views);
        self.views = Views { open: true, place, markup, version, focus, ..Views::default() };
        let number = self.view_ask(What::Page, effects);
        self.views.page = Some(number);
    }
    fn view_ask(&mut self, what: What, effects: &mut Vec<Effect>) -> u32 {
        let (number, shown, place) = (self.next(), self.views.shown, self.views.place.clone());
        effects.push(Effect::View(Doing::Ask(number, Ask::View { what, width: 0, shown, place })));
        number
    }
    fn view_draw(&mut self, effects: &mut Vec<Effect>) {
        self.views.draw = self.views.drawing.is_some();
        if !self.views.draw {
            let number = self.view_ask(What::Picture, effects);
            self.views.drawing = Some(number);
        }
    }
    fn view_near(&mut self, (x, y, goes): (i32, i32, bool), effects: &mut Vec<Effect>) {
        if self.views.nearing.is_some() {
            self.views.next = Some((x, y, goes));
            return;
        }
        let number = self.view_ask(What::Near(x, y), effects);
        (self.views.nearing, self.views.next) = (Some((number, goes)), None);
    }
    fn view_told(&mut self, number: u32, told: Told, effects: &mut Vec<Effect>) {
        let views = &mut self.views;
        let (page, file) = (views.page == Some(number), views.file == Some(number));
        match told {
            Told::Progress(share) if page || file => views.share = Some(share),
            Told::Page(markup) if page => {
                (views.markup, views.version) = (markup.into(), views.version.wrapping_add(1));
                (views.page, views.share) = (None, None);
                effects.push(Effect::View(Doing::Focus));
            }
            Told::File { name, text } if file => {
                (views.file, views.share) = (None, None);
                effects.push(Effect::View(Doing::Save(name, text)));
            }
            Told::Picture(picture) if views.drawing == Some(number) => {
                (views.picture, views.drawing) = (Some(picture.into()), None);
                if views.draw {
                    self.view_draw(effects);
                }
            }
            Told::Near(packet, x, y, words) => {
                let Some((_, goes)) = views.nearing.filter(|(asked, _)| *asked == number) else { return };
                views.nearing = None;
                views.near = (!words.is_empty()).then_some((x, y, words));
                if goes && packet > 0 {
                    self.view_step(Step::Packet(packet), effects);
                } else if let Some(next) = self.views.next.take() {
                    self.view_near(next, effects);
                }
            }
            // Without a number: its worker could not be started, or has stopped.
            Told::Failed(sentence) if number == 0 || views.asked(number) => {
                (views.share, views.fault) = (None, Some(sentence));
                (views.page, views.file, views.drawing, views.nearing) = (None, None, None, None);
            }
            _ => {}
        }
    }
    pub(super) fn views_items(&self) -> Vec<Item> {
        let hide = Item::Act {
            label: if self.views.open { "Back to the packets" } else { "Back to the view" }.to_owned(),
            keys: keys_of(Command::Views).unwrap_or_default(),
            action: Action::View(Step::Toggle),
        };
        let hide = Some(hide).filter(|_| !self.views.place.is_empty());
        let places = PLACES.iter().map(|(place, name)| Item::Act {
            label: (*name).to_owned(),
            keys: String::new(),
            action: Action::View(Step::Go((*place).to_owned())),
        });
        hide.into_iter().chain(places).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Answer, Capture};

    fn opened() -> State {
        let mut state = State::default();
        state.reduce(Action::Start { settings: None, fragment: String::new() });
        let effects = state.reduce(Action::Open { name: "a.pcap".into(), size: 9, linked: false });
        let [Effect::Ask(number, _)] = &effects[..] else { panic!("{effects:?}") };
        let capture = Capture { packets: 50, ..Capture::default() };
        state.reduce(Action::Answer { number: *number, answer: Answer::Loaded { capture }, bytes: vec![] });
        state
    }
    fn step(state: &mut State, step: Step) -> Vec<Doing> {
        let effects = state.reduce(Action::View(step));
        let doing = effects.into_iter();
        doing.filter_map(|effect| if let Effect::View(doing) = effect { Some(doing) } else { None }).collect()
    }
    fn asked(doing: &[Doing]) -> (u32, What, (i64, i64), String) {
        match doing {
            [Doing::Ask(number, Ask::View { what, shown, place, .. })] => {
                (*number, what.clone(), *shown, place.clone())
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_view_opens_and_leads_to_a_packet() {
        let mut state = opened();
        let (number, what, _, place) = asked(&step(&mut state, Step::Go("assoc/3".into())));
        assert_eq!((what, place.as_str(), state.views.open), (What::Page, "assoc/3", true));
        step(&mut state, Step::Told(number, Told::Progress(0.5)));
        assert_eq!(state.views.share, Some(0.5));
        // What an earlier question brings is not shown.
        step(&mut state, Step::Told(number - 1, Told::Page("old".into())));
        assert_eq!(&*state.views.markup, "");
        assert_eq!(step(&mut state, Step::Told(number, Told::Page("<h2>new</h2>".into()))), [Doing::Focus]);
        assert_eq!((&*state.views.markup, state.views.share), ("<h2>new</h2>", None));
        step(&mut state, Step::Packet(51));
        assert!(state.views.open, "there is no such packet");
        step(&mut state, Step::Packet(50));
        assert_eq!((state.views.open, state.selected), (false, 50));
        // It is still there.
        assert_eq!(step(&mut state, Step::Toggle), [Doing::Focus]);
        assert_eq!((state.views.open, &*state.views.markup), (true, "<h2>new</h2>"));
        state.reduce(Action::Do(Command::Escape));
        assert!(!state.views.open);
        // With another capture it is gone.
        state.reduce(Action::Open { name: "b.pcap".into(), size: 9, linked: false });
        assert_eq!((state.views.place.as_str(), &*state.views.markup), ("", ""));
    }

    #[test]
    fn one_picture_at_a_time_is_drawn_and_the_last_one_wanted_is() {
        let mut state = opened();
        let (number, ..) = asked(&step(&mut state, Step::Go("assoc/0/chart".into())));
        step(&mut state, Step::Told(number, Told::Page("page".into())));
        let zoom = |times| Step::Move { whole: (0, 1_000_000), at: 0.5, times, by: 0.0 };
        let (number, what, shown, _) = asked(&step(&mut state, zoom(0.5)));
        assert_eq!((what, shown), (What::Picture, (250_000, 750_000)));
        assert_eq!(step(&mut state, zoom(0.5)), []);
        assert_eq!(step(&mut state, zoom(0.5)), []);
        let (number, _, shown, _) = asked(&step(&mut state, Step::Told(number, Told::Picture("a".into()))));
        assert_eq!(shown, (437_500, 562_500));
        assert_eq!(step(&mut state, Step::Told(number, Told::Picture("b".into()))), []);
        assert_eq!(state.views.picture.as_deref(), Some("b"));
        // What is near is asked one after the other too; a click goes to the packet.
        let (number, ..) = asked(&step(&mut state, Step::Near(1, 2, false)));
        assert_eq!(step(&mut state, Step::Near(3, 4, false)), []);
        assert_eq!(step(&mut state, Step::Near(5, 6, true)), []);
        let told = Told::Near(7, 9, 9, "words".into());
        let (number, what, ..) = asked(&step(&mut state, Step::Told(number, told.clone())));
        assert_eq!((what, state.views.near.clone()), (What::Near(5, 6), Some((9, 9, "words".into()))));
        step(&mut state, Step::Told(number, told));
        assert_eq!((state.views.open, state.selected), (false, 7));
    }

    #[test]
    fn time_moves_within_what_there_is() {
        let whole = (0, 1_000_000);
        assert_eq!(moved(whole, (0, 0), 0.0, 0.1, 0.0), (0, 100_000));
        assert_eq!(moved(whole, (0, 100_000), 0.0, 1.0, 0.5), (50_000, 150_000));
        assert_eq!(moved(whole, (0, 100_000), 0.0, 1.0, -3.0), (0, 100_000));
        assert_eq!(moved(whole, (900_000, 1_000_000), 0.0, 1.0, 3.0), (900_000, 1_000_000));
        assert_eq!(moved(whole, (900_000, 1_000_000), 0.5, 1e18, 0.0), whole);
        assert_eq!(moved(whole, (500_000, 500_100), 0.5, 1e-9, 0.0), (499_550, 500_550));
        assert_eq!(moved((0, 1), (0, 0), 0.5, 0.1, 0.0), (0, 1));
    }

    #[test]
    fn what_fails_says_so() {
        let mut state = opened();
        let (number, ..) = asked(&step(&mut state, Step::Save("csv".into())));
        step(&mut state, Step::Told(number, Told::Failed("no".into())));
        assert_eq!(state.views.fault.as_deref(), Some("no"));
        let (number, ..) = asked(&step(&mut state, Step::Save("csv".into())));
        let file = Told::File { name: "assoc.csv".into(), text: "a\n".into() };
        let doing = step(&mut state, Step::Told(number, file));
        assert_eq!(doing, [Doing::Save("assoc.csv".into(), "a\n".into())]);
    }
}
