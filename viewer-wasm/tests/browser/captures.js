// Captures that the tests make themselves.

function head(bytes, linkType) {
  bytes.writeUInt32LE(0xa1b2c3d4, 0);
  bytes.writeUInt16LE(2, 4);
  bytes.writeUInt16LE(4, 6);
  bytes.writeUInt32LE(65535, 16);
  bytes.writeUInt32LE(linkType, 20);
}

// A pcap of raw IP packets.
export function ip(...packets) {
  const bytes = Buffer.alloc(24);
  head(bytes, 101);
  const records = packets.map((packet, at) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1700000000 + at, 0);
    record.writeUInt32LE(packet.length, 8);
    record.writeUInt32LE(packet.length, 12);
    return Buffer.concat([record, packet]);
  });
  return Buffer.concat([bytes, ...records]);
}

// A pcapng of two raw IP packets, the second with a comment.
export function commented(comment) {
  const block = (type, body) => {
    const bytes = Buffer.alloc(12 + body.length);
    bytes.writeUInt32LE(type, 0);
    bytes.writeUInt32LE(bytes.length, 4);
    body.copy(bytes, 8);
    bytes.writeUInt32LE(bytes.length, bytes.length - 4);
    return bytes;
  };
  const padded = (bytes) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const data = Buffer.from("45000020" + "00000000" + "40110000" + "0a0000010a000002" + "1b581b58000c0000" + "01020304", "hex");
  const packet = (options) => {
    const head = Buffer.alloc(20);
    head.writeUInt32LE(data.length, 12);
    head.writeUInt32LE(data.length, 16);
    return block(6, Buffer.concat([head, padded(data), options]));
  };
  const text = Buffer.from(comment), option = Buffer.alloc(4);
  option.writeUInt16LE(1, 0);
  option.writeUInt16LE(text.length, 2);
  return Buffer.concat([
    block(0x0a0d0d0a, Buffer.from("4d3c2b1a01000000ffffffffffffffff", "hex")),
    block(1, Buffer.from("6500000000000000", "hex")),
    packet(Buffer.alloc(0)),
    packet(Buffer.concat([option, padded(text), Buffer.alloc(4)])),
  ]);
}

// One UDP packet of raw IP as long as can be: 65,535 bytes.
export function longest() {
  const packet = Buffer.alloc(65535);
  Buffer.from("4500ffff" + "00000000" + "40110000" + "0a0000010a000002" + "1b581b58ffeb0000", "hex").copy(packet);
  return ip(packet);
}

// A UDP datagram of 24 bytes in two fragments of IPv4.
export function fragments() {
  const [addresses, datagram] = ["0a0000010a000002", "1b581b5800180000" + "000102030405060708090a0b0c0d0e0f"];
  return ip(
    Buffer.from("45000024" + "00072000" + "40110000" + addresses + datagram.slice(0, 32), "hex"),
    Buffer.from("4500001c" + "00070002" + "40110000" + addresses + datagram.slice(32), "hex"));
}

// A pcap of so many UDP packets: 10.0.0.1 to 10.0.0.2, port 7000 to 7000, the packet's number as its four bytes of payload.
export function udp(packets) {
  const frame = 14 + 20 + 8 + 4, record = 16 + frame;
  const bytes = Buffer.alloc(24 + packets * record);
  head(bytes, 1);
  const packet = Buffer.from(
    "020000000002020000000001" + "0800" + "450000200000000040110000" + "0a000001" + "0a000002" + "1b581b58" + "000c0000" + "00000000", "hex");
  for (let number = 1, at = 24; number <= packets; number++, at += record) {
    bytes.writeUInt32LE(1700000000 + Math.floor(number / 1000), at);
    bytes.writeUInt32LE((number % 1000) * 1000, at + 4);
    bytes.writeUInt32LE(frame, at + 8);
    bytes.writeUInt32LE(frame, at + 12);
    packet.copy(bytes, at + 16);
    bytes.writeUInt32BE(number, at + 16 + frame - 4);
  }
  return bytes;
}
