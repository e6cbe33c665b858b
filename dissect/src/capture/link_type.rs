//! Link types: what the bytes of a packet begin with.

use std::fmt;

/// A LINKTYPE_ number of the registry at <https://www.tcpdump.org/linktypes.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkType(pub u16);

macro_rules! link_types {
    ($($name:ident = $number:literal $description:literal)*) => {
        impl LinkType {
            $(#[doc = $description] pub const $name: LinkType = LinkType($number);)*
        }

        /// Number, name and description, in the order of the numbers.
        const REGISTRY: &[(u16, &str, &str)] = &[$(($number, stringify!($name), $description)),*];
    };
}

impl LinkType {
    /// A custom block of pcapng: its Private Enterprise Number, then its data. Not of the registry; Wireshark numbers
    /// these blocks like packets, and so does the reader, so that both mean the same packet by a number.
    pub const CUSTOM_BLOCK: LinkType = LinkType(u16::MAX);
}

link_types! {
    NULL = 0 "BSD loopback"
    ETHERNET = 1 "Ethernet"
    EXP_ETHERNET = 2 "Experimental 3 Mb Ethernet"
    AX25 = 3 "AX.25"
    PRONET = 4 "Proteon ProNET"
    CHAOS = 5 "Chaosnet"
    IEEE802_5 = 6 "Token Ring"
    ARCNET_BSD = 7 "ARCNET, with BSD encapsulation"
    SLIP = 8 "SLIP"
    PPP = 9 "PPP"
    FDDI = 10 "FDDI"
    DLT_RAW = 12 "Raw IP"
    DLT_RAW_OPENBSD = 14 "Raw IP (OpenBSD)"
    PPP_HDLC = 50 "PPP in HDLC-like framing"
    PPP_ETHER = 51 "PPPoE session"
    SYMANTEC_FIREWALL = 99 "Symantec Enterprise Firewall"
    ATM_RFC1483 = 100 "LLC-encapsulated ATM"
    RAW = 101 "Raw IP"
    C_HDLC = 104 "Cisco HDLC"
    IEEE802_11 = 105 "IEEE 802.11"
    ATM_CLIP = 106 "Linux classical IP over ATM"
    FRELAY = 107 "Frame Relay"
    LOOP = 108 "OpenBSD loopback"
    ENC = 109 "OpenBSD IPsec encapsulated"
    LINUX_SLL = 113 "Linux cooked"
    LTALK = 114 "Apple LocalTalk"
    PFLOG = 117 "OpenBSD packet filter log"
    IEEE802_11_PRISM = 119 "IEEE 802.11 with Prism header"
    IP_OVER_FC = 122 "IP over Fibre Channel"
    SUNATM = 123 "SunATM"
    IEEE802_11_RADIOTAP = 127 "IEEE 802.11 with radiotap header"
    ARCNET_LINUX = 129 "ARCNET, with Linux encapsulation"
    JUNIPER_MLPPP = 130 "Juniper MLPPP"
    JUNIPER_ATM2 = 135 "Juniper ATM2"
    JUNIPER_ATM1 = 137 "Juniper ATM1"
    APPLE_IP_OVER_IEEE1394 = 138 "Apple IP over IEEE 1394"
    MTP2_WITH_PHDR = 139 "SS7 MTP2 with pseudo-header"
    MTP2 = 140 "SS7 MTP2"
    MTP3 = 141 "SS7 MTP3"
    SCCP = 142 "SS7 SCCP"
    DOCSIS = 143 "DOCSIS"
    LINUX_IRDA = 144 "Linux IrDA"
    USER0 = 147 "Reserved for private use 0"
    USER1 = 148 "Reserved for private use 1"
    USER2 = 149 "Reserved for private use 2"
    USER3 = 150 "Reserved for private use 3"
    USER4 = 151 "Reserved for private use 4"
    USER5 = 152 "Reserved for private use 5"
    USER6 = 153 "Reserved for private use 6"
    USER7 = 154 "Reserved for private use 7"
    USER8 = 155 "Reserved for private use 8"
    USER9 = 156 "Reserved for private use 9"
    USER10 = 157 "Reserved for private use 10"
    USER11 = 158 "Reserved for private use 11"
    USER12 = 159 "Reserved for private use 12"
    USER13 = 160 "Reserved for private use 13"
    USER14 = 161 "Reserved for private use 14"
    USER15 = 162 "Reserved for private use 15"
    IEEE802_11_AVS = 163 "IEEE 802.11 with AVS header"
    BACNET_MS_TP = 165 "BACnet MS/TP"
    PPP_PPPD = 166 "PPP with direction byte"
    GPRS_LLC = 169 "GPRS LLC"
    GPF_T = 170 "GPF-T"
    GPF_F = 171 "GPF-F"
    LINUX_LAPD = 177 "Linux vISDN LAPD"
    MFR = 182 "FRF.16.1 Multi-Link Frame Relay"
    BLUETOOTH_HCI_H4 = 187 "Bluetooth HCI H4"
    USB_LINUX = 189 "Linux USB"
    PPI = 192 "Per-Packet Information"
    IEEE802_15_4_WITHFCS = 195 "IEEE 802.15.4"
    SITA = 196 "SITA"
    ERF = 197 "Endace ERF record"
    BLUETOOTH_HCI_H4_WITH_PHDR = 201 "Bluetooth HCI H4 with pseudo-header"
    AX25_KISS = 202 "AX.25 with KISS header"
    LAPD = 203 "LAPD"
    PPP_WITH_DIR = 204 "PPP with direction"
    C_HDLC_WITH_DIR = 205 "Cisco HDLC with direction"
    FRELAY_WITH_DIR = 206 "Frame Relay with direction"
    LAPB_WITH_DIR = 207 "LAPB with direction"
    IPMB_LINUX = 209 "Linux IPMB"
    FLEXRAY = 210 "FlexRay"
    LIN = 212 "LIN"
    IEEE802_15_4_NONASK_PHY = 215 "IEEE 802.15.4 with PHY header"
    USB_LINUX_MMAPPED = 220 "Linux USB, padded"
    FC_2 = 224 "Fibre Channel FC-2"
    FC_2_WITH_FRAME_DELIMS = 225 "Fibre Channel FC-2 with frame delimiters"
    IPNET = 226 "Solaris ipnet"
    CAN_SOCKETCAN = 227 "SocketCAN"
    IPV4 = 228 "Raw IPv4"
    IPV6 = 229 "Raw IPv6"
    IEEE802_15_4_NOFCS = 230 "IEEE 802.15.4 without FCS"
    DBUS = 231 "D-Bus"
    DVB_CI = 235 "DVB Common Interface"
    MUX27010 = 236 "3GPP TS 27.010 multiplexer"
    STANAG_5066_D_PDU = 237 "STANAG 5066 D_PDU"
    NFLOG = 239 "Linux netfilter log"
    NETANALYZER = 240 "netANALYZER"
    NETANALYZER_TRANSPARENT = 241 "netANALYZER, transparent"
    IPOIB = 242 "IP over InfiniBand"
    MPEG_2_TS = 243 "MPEG-2 transport stream"
    NG40 = 244 "ng40"
    NFC_LLCP = 245 "NFC LLCP"
    INFINIBAND = 247 "InfiniBand"
    SCTP = 248 "SCTP without lower layers"
    USBPCAP = 249 "USBPcap"
    RTAC_SERIAL = 250 "RTAC serial"
    BLUETOOTH_LE_LL = 251 "Bluetooth Low Energy link layer"
    WIRESHARK_UPPER_PDU = 252 "Wireshark upper-layer PDU"
    NETLINK = 253 "Linux netlink"
    BLUETOOTH_LINUX_MONITOR = 254 "Bluetooth Linux monitor"
    BLUETOOTH_BREDR_BB = 255 "Bluetooth baseband"
    BLUETOOTH_LE_LL_WITH_PHDR = 256 "Bluetooth Low Energy link layer with pseudo-header"
    PROFIBUS_DL = 257 "PROFIBUS data link"
    PKTAP = 258 "Apple PKTAP"
    EPON = 259 "EPON"
    IPMI_HPM_2 = 260 "IPMI trace"
    ZWAVE_R1_R2 = 261 "Z-Wave R1 and R2"
    ZWAVE_R3 = 262 "Z-Wave R3"
    WATTSTOPPER_DLM = 263 "WattStopper DLM"
    ISO_14443 = 264 "ISO 14443"
    RDS = 265 "Radio Data System"
    USB_DARWIN = 266 "Darwin USB"
    SDLC = 268 "SDLC"
    LORATAP = 270 "LoRaTap"
    VSOCK = 271 "vsock"
    NORDIC_BLE = 272 "Nordic Bluetooth sniffer"
    DOCSIS31_XRA31 = 273 "DOCSIS 3.1 XRA-31"
    ETHERNET_MPACKET = 274 "Ethernet mPackets"
    DISPLAYPORT_AUX = 275 "DisplayPort AUX"
    LINUX_SLL2 = 276 "Linux cooked, version 2"
    OPENVIZSLA = 278 "OpenVizsla USB"
    EBHSCR = 279 "Elektrobit high speed capture and replay"
    VPP_DISPATCH = 280 "VPP graph dispatch trace"
    DSA_TAG_BRCM = 281 "Broadcom switch tag"
    DSA_TAG_BRCM_PREPEND = 282 "Broadcom switch tag, prepended"
    IEEE802_15_4_TAP = 283 "IEEE 802.15.4 with TAP header"
    DSA_TAG_DSA = 284 "Marvell switch tag"
    DSA_TAG_EDSA = 285 "Marvell switch tag with EtherType"
    ELEE = 286 "ELEE lawful interception"
    Z_WAVE_SERIAL = 287 "Z-Wave serial"
    USB_2_0 = 288 "USB 2.0"
    ATSC_ALP = 289 "ATSC link-layer protocol"
    ETW = 290 "Event Tracing for Windows"
    ZBOSS_NCP = 292 "ZBOSS NCP"
}

impl LinkType {
    /// The name in the registry, without `LINKTYPE_`; `None` for numbers this table does not have.
    pub fn name(self) -> Option<&'static str> {
        self.entry().map(|entry| entry.1)
    }

    /// What it is, in a few words; `None` for numbers this table does not have.
    pub fn description(self) -> Option<&'static str> {
        self.entry().map(|entry| entry.2)
    }

    fn entry(self) -> Option<&'static (u16, &'static str, &'static str)> {
        REGISTRY.get(REGISTRY.binary_search_by_key(&self.0, |entry| entry.0).ok()?)
    }
}

/// The description, or `link type N`.
impl fmt::Display for LinkType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.description() {
            Some(description) => f.write_str(description),
            None => write!(f, "link type {}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_is_in_order() {
        assert!(REGISTRY.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn names_and_descriptions() {
        assert_eq!(LinkType::ETHERNET.name(), Some("ETHERNET"));
        assert_eq!(LinkType(113).name(), Some("LINUX_SLL"));
        assert_eq!(LinkType(276).description(), Some("Linux cooked, version 2"));
        assert_eq!(LinkType(9999).name(), None);
        assert_eq!(LinkType(9999).to_string(), "link type 9999");
    }
}
