/** A capture that was read: pcap, pcapng or snoop, plain or packed. It stays in the browser. */
export class Capture {
  private constructor();
  /** The file's name. */
  readonly name: string;
  /** Its format in words: `pcapng, gzip`. */
  readonly format: string;
  /** How many packets it has. */
  readonly packets: number;
  /** How many of them show: all, or those that the filter picked. */
  readonly shown: number;
  /** Bytes of the file. */
  readonly size: number;
  /** What is damaged: a sentence each. All that can be read is read. */
  readonly damage: string[];
  /** Rows of the packet list, by their places among the packets that show, from 1; 10,000 at most. */
  rows(first: number, count: number, options?: { time?: Time }): Promise<Row[]>;
  /** A packet by its number, from 1. */
  packet(number: number): Promise<Packet>;
  /** Lets only the packets show that a display filter picks, and gives their numbers; all, if it is blank. Throws what is wrong with the filter. */
  filter(text: string, options?: { onProgress?: (progress: { at: number; found: number; packets: number }) => void }): Promise<number[]>;
  /** The packets that show, as a pcapng file. */
  export(): Promise<Blob>;
  /** The SCTP associations. */
  associations(): Promise<Association[]>;
  /** A report as `sctpdump -T json` prints it: `assoc`, `assoc/0`, `assoc/0/health`, `calls`, `streams`, `rtp`. */
  report(name: string): Promise<unknown>;
  /** Ends its workers and frees its memory. */
  close(): void;
}

/** Reads a capture: a file, bytes, or an address. Throws a sentence with the remedy where it is none. */
export function load(
  source: Blob | ArrayBuffer | ArrayBufferView | string | URL,
  options?: { name?: string; onProgress?: (progress: { packets: number; read: number; size: number }) => void },
): Promise<Capture>;

/** What a field means and where it is specified. */
export function explain(field: string): Promise<{ name: string; section: string; meaning: string } | undefined>;

/** How times are written: seconds since the first packet, since the packet before; date and time, time of day (UTC); seconds since 1970. */
export type Time = "relative" | "delta" | "date" | "day" | "epoch";

/** A row of the packet list. */
export interface Row {
  /** The packet's number. */
  number: number;
  time: string;
  source: string;
  destination: string;
  protocol: string;
  /** Bytes on the wire. */
  length: number;
  info: string;
  /** Whether it carries a comment. */
  comment: boolean;
}

/** A packet. */
export interface Packet {
  number: number;
  /** The tree's lines, in the order in which they stand: those of `sctpdump -V`. */
  lines: Line[];
  /** Where bytes come from: the packet first, then what was reassembled. */
  sources: { name: string; bytes: Uint8Array }[];
  comments: string[];
}

/** A line of a packet's tree. */
export interface Line {
  /** What it says. */
  text: string;
  /** Its plain value. */
  value: string;
  /** Its field's name, as filters have it; nothing for a line that is none. */
  field?: string;
  /** How deep it stands, from 0, and how many lines stand under it. */
  depth: number;
  under: number;
  /** Which bytes it stands for: of which source, from where, how many. */
  source: number;
  start: number;
  length: number;
  style: "plain" | "protocol" | "generated" | "chat" | "note" | "warning" | "error";
}

/** An SCTP association, with both its sides. */
export interface Association {
  number: number;
  a: string[];
  a_port: number;
  b: string[];
  b_port: number;
  state: string;
  /** How it ended, in words. */
  end?: string;
  paths: number;
  packets: number;
  bytes: number;
  chunks: number;
  retransmissions: number;
  /** Seconds since 1970. */
  start?: number;
  duration_seconds?: number;
}
