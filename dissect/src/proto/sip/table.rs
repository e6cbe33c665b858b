//! The headers: a row each. To add one, write a row; if its value has parts with fields of their own, also a function.

use super::header::{Header, Shape};
use super::parties::{
    CONTACT_FIELDS, FROM_FIELDS, OTHER_FIELDS, PAI_FIELDS, PATH_FIELDS, PMISS_FIELDS, PPI_FIELDS,
    RECORD_ROUTE_FIELDS, ROUTE_FIELDS, SERVICE_ROUTE_FIELDS, TC_FIELDS, TO_FIELDS,
};
use super::{auth, cseq, ims, reason, via};
use crate::Show;

macro_rules! headers {
    ($($(#[doc = $doc:literal])+ $id:ident = $name:literal, $compact:literal, $filter:literal, $show:ident, $shape:expr, $section:literal;)*) => {
        crate::fields! {
            $($(#[doc = $doc])+ pub $id = $filter, $name, headers!(@show $show), $section;)*
        }
        /// The known headers, with IANA's names.
        pub static HEADERS: &[Header] = &[$(Header { name: $name, compact: $compact, field: &$id, shape: $shape }),*];
    };
    (@show text) => { Show::text().repeats() };
    (@show number) => { Show::u32().repeats() };
}

headers! {
    /// Media types that are understood.
    ACCEPT = "Accept", 0, "sip.Accept", text, Shape::Params, "RFC 3261, 20.1";
    /// Which phones of a user are wanted.
    ACCEPT_CONTACT = "Accept-Contact", b'a', "sip.Accept-Contact", text, Shape::Params, "RFC 3841, 9.2";
    /// Encodings of bodies that are understood.
    ACCEPT_ENCODING = "Accept-Encoding", 0, "sip.Accept-Encoding", text, Shape::Params, "RFC 3261, 20.2";
    /// Languages that are preferred.
    ACCEPT_LANGUAGE = "Accept-Language", 0, "sip.Accept-Language", text, Shape::Params, "RFC 3261, 20.3";
    /// Priorities of resources that are understood.
    ACCEPT_RESOURCE_PRIORITY = "Accept-Resource-Priority", 0, "sip.Accept-Resource-Priority", text, Shape::Text, "RFC 4412, 3.2";
    /// A further identity of the caller.
    ADDITIONAL_IDENTITY = "Additional-Identity", 0, "sip.Additional-Identity", text, Shape::Addresses(&OTHER_FIELDS), "3GPP TS 24.229, 7.2.20";
    /// Another ringing tone.
    ALERT_INFO = "Alert-Info", 0, "sip.Alert-Info", text, Shape::Addresses(&OTHER_FIELDS), "RFC 3261, 20.4";
    /// Methods that are understood.
    ALLOW = "Allow", 0, "sip.Allow", text, Shape::Text, "RFC 3261, 20.5";
    /// Event packages that are understood.
    ALLOW_EVENTS = "Allow-Events", b'u', "sip.Allow-Events", text, Shape::Text, "RFC 6665, 8.2.2";
    /// Whether to answer without asking the user.
    ANSWER_MODE = "Answer-Mode", 0, "sip.Answer-Mode", text, Shape::Params, "RFC 5373, 4";
    /// How sure the network is of the caller's identity.
    ATTESTATION_INFO = "Attestation-Info", 0, "sip.Attestation-Info", text, Shape::Text, "3GPP TS 24.229, 7.2.18";
    /// The server's proof and its next nonce.
    AUTHENTICATION_INFO = "Authentication-Info", 0, "sip.Authentication-Info", text, Shape::Auth(auth::dissect_info), "RFC 3261, 20.6";
    /// Credentials for the server.
    AUTHORIZATION = "Authorization", 0, "sip.Authorization", text, Shape::Auth(auth::dissect), "RFC 3261, 20.7";
    /// Names the call, with both tags.
    CALL_ID = "Call-ID", b'i', "sip.Call-ID", text, Shape::CallId, "RFC 3261, 20.8";
    /// More about caller or callee.
    CALL_INFO = "Call-Info", 0, "sip.Call-Info", text, Shape::Addresses(&OTHER_FIELDS), "RFC 3261, 20.9";
    /// The cell of a phone that is on Wi-Fi.
    CELLULAR_NETWORK_INFO = "Cellular-Network-Info", 0, "sip.Cellular-Network-Info", text, Shape::Params, "3GPP TS 24.229, 7.2.15";
    /// Where further requests go; what is registered.
    CONTACT = "Contact", b'm', "sip.Contact", text, Shape::Addresses(&CONTACT_FIELDS), "RFC 3261, 20.10";
    /// What to do with the body.
    CONTENT_DISPOSITION = "Content-Disposition", 0, "sip.Content-Disposition", text, Shape::Params, "RFC 3261, 20.11";
    /// How the body is encoded.
    CONTENT_ENCODING = "Content-Encoding", b'e', "sip.Content-Encoding", text, Shape::Text, "RFC 3261, 20.12";
    /// The language of the body.
    CONTENT_LANGUAGE = "Content-Language", 0, "sip.Content-Language", text, Shape::Text, "RFC 3261, 20.13";
    /// The length of the body in bytes.
    CONTENT_LENGTH = "Content-Length", b'l', "sip.Content-Length", number, Shape::ContentLength, "RFC 3261, 20.14";
    /// The media type of the body.
    CONTENT_TYPE = "Content-Type", b'c', "sip.Content-Type", text, Shape::Params, "RFC 3261, 20.15";
    /// The number and method of the request.
    CSEQ = "CSeq", 0, "sip.CSeq", text, Shape::Own(cseq::dissect), "RFC 3261, 20.16";
    /// When it was sent.
    DATE = "Date", 0, "sip.Date", text, Shape::Date, "RFC 3261, 20.17";
    /// Who diverted the call, and why.
    DIVERSION = "Diversion", 0, "sip.Diversion", text, Shape::Addresses(&OTHER_FIELDS), "RFC 5806, 4";
    /// More about an error.
    ERROR_INFO = "Error-Info", 0, "sip.Error-Info", text, Shape::Addresses(&OTHER_FIELDS), "RFC 3261, 20.18";
    /// The event package that is subscribed to.
    EVENT = "Event", b'o', "sip.Event", text, Shape::Params, "RFC 6665, 8.2.1";
    /// For how many seconds it is valid.
    EXPIRES = "Expires", 0, "sip.Expires", number, Shape::Number(u32::MAX), "RFC 3261, 20.19";
    /// What entities on the way can do.
    FEATURE_CAPS = "Feature-Caps", 0, "sip.Feature-Caps", text, Shape::Own(ims::feature_caps), "RFC 6809, 6.3";
    /// After how many seconds of silence a flow is given up.
    FLOW_TIMER = "Flow-Timer", 0, "sip.Flow-Timer", text, Shape::Text, "RFC 5626, 11";
    /// Who sends the request.
    FROM = "From", b'f', "sip.From", text, Shape::Address(&FROM_FIELDS), "RFC 3261, 20.20";
    /// Where the caller is.
    GEOLOCATION = "Geolocation", 0, "sip.Geolocation", text, Shape::Addresses(&OTHER_FIELDS), "RFC 6442, 4.1";
    /// What is wrong with the location.
    GEOLOCATION_ERROR = "Geolocation-Error", 0, "sip.Geolocation-Error", text, Shape::Params, "RFC 6442, 4.3";
    /// Whether the location may be used for routing.
    GEOLOCATION_ROUTING = "Geolocation-Routing", 0, "sip.Geolocation-Routing", text, Shape::Text, "RFC 6442, 4.2";
    /// Where the request was sent before.
    HISTORY_INFO = "History-Info", 0, "sip.History-Info", text, Shape::Addresses(&OTHER_FIELDS), "RFC 7044, 5";
    /// A signature over the caller's identity.
    IDENTITY = "Identity", b'y', "sip.Identity", text, Shape::Params, "RFC 8224, 4";
    /// Where the certificate of the signature is.
    IDENTITY_INFO = "Identity-Info", b'n', "sip.Identity-info", text, Shape::Text, "RFC 4474, 9";
    /// The publication that is meant.
    SIP_IF_MATCH = "SIP-If-Match", 0, "sip.If_Match", text, Shape::Text, "RFC 3903, 11.3.2";
    /// The calls that this one answers.
    IN_REPLY_TO = "In-Reply-To", 0, "sip.In-Reply-To", text, Shape::Text, "RFC 3261, 20.21";
    /// The package an INFO belongs to.
    INFO_PACKAGE = "Info-Package", 0, "sip.Info-Package", text, Shape::Params, "RFC 6086, 7.2";
    /// The dialog to join.
    JOIN = "Join", 0, "sip.Join", text, Shape::Params, "RFC 3911, 7.1";
    /// How many branches may run at once.
    MAX_BREADTH = "Max-Breadth", 0, "sip.Max-Breadth", number, Shape::Number(u32::MAX), "RFC 5393, 5.3.3";
    /// How many hops are left.
    MAX_FORWARDS = "Max-Forwards", 0, "sip.Max-Forwards", number, Shape::Number(255), "RFC 3261, 20.22";
    /// The version of MIME.
    MIME_VERSION = "MIME-Version", 0, "sip.MIME-Version", text, Shape::Text, "RFC 3261, 20.24";
    /// The shortest time that is accepted.
    MIN_EXPIRES = "Min-Expires", 0, "sip.Min-Expires", text, Shape::Text, "RFC 3261, 20.23";
    /// The shortest session interval that is accepted.
    MIN_SE = "Min-SE", 0, "sip.Min-SE", text, Shape::Params, "RFC 4028, 5";
    /// The sender's organization.
    ORGANIZATION = "Organization", 0, "sip.Organization", text, Shape::Text, "RFC 3261, 20.25";
    /// Names who attested the identity.
    ORIGINATION_ID = "Origination-Id", 0, "sip.Origination-Id", text, Shape::Text, "3GPP TS 24.229, 7.2.19";
    /// The access network.
    P_ACCESS_NETWORK_INFO = "P-Access-Network-Info", 0, "sip.P-Access-Network-Info", text, Shape::Own(ims::access_network), "RFC 7315, 4.4";
    /// Whether a person has answered.
    P_ANSWER_STATE = "P-Answer-State", 0, "sip.P-Answer-State", text, Shape::Params, "RFC 4964, 6";
    /// Who the caller is, says the network.
    P_ASSERTED_IDENTITY = "P-Asserted-Identity", 0, "sip.P-Asserted-Identity", text, Shape::Addresses(&PAI_FIELDS), "RFC 3325, 9.1";
    /// Which service it is, says the network.
    P_ASSERTED_SERVICE = "P-Asserted-Service", 0, "sip.P-Asserted-Service", text, Shape::Text, "RFC 6050, 4.1";
    /// The user's other identities.
    P_ASSOCIATED_URI = "P-Associated-URI", 0, "sip.P-Associated-URI", text, Shape::Addresses(&OTHER_FIELDS), "RFC 7315, 4.1";
    /// Who was called, before the network routed on.
    P_CALLED_PARTY_ID = "P-Called-Party-ID", 0, "sip.P-Called-Party-ID", text, Shape::Addresses(&OTHER_FIELDS), "RFC 7315, 4.2";
    /// Who is charged.
    P_CHARGE_INFO = "P-Charge-Info", 0, "sip.P-Charge-Info", text, Shape::Addresses(&OTHER_FIELDS), "RFC 8496, 5";
    /// Where charging data go.
    P_CHARGING_FUNCTION_ADDRESSES = "P-Charging-Function-Addresses", 0, "sip.P-Charging-Function-Addresses", text, Shape::Params, "RFC 7315, 4.5";
    /// What charging data belong together.
    P_CHARGING_VECTOR = "P-Charging-Vector", 0, "sip.P-Charging-Vector", text, Shape::Own(ims::charging), "RFC 7315, 4.6";
    /// Billing on cable networks.
    P_DCS_BILLING_INFO = "P-DCS-Billing-Info", 0, "sip.P-DCS-Billing-Info", text, Shape::Params, "RFC 5503, 7";
    /// Surveillance on cable networks.
    P_DCS_LAES = "P-DCS-LAES", 0, "sip.P-DCS-LAES", text, Shape::Params, "RFC 5503, 8";
    /// Operator services on cable networks.
    P_DCS_OSPS = "P-DCS-OSPS", 0, "sip.P-DCS-OSPS", text, Shape::Text, "RFC 5503, 6";
    /// Redirection on cable networks.
    P_DCS_REDIRECT = "P-DCS-Redirect", 0, "sip.P-DCS-Redirect", text, Shape::Params, "RFC 5503, 8";
    /// The party to trace on cable networks.
    P_DCS_TRACE_PARTY_ID = "P-DCS-Trace-Party-ID", 0, "sip.P-DCS-Trace-Party-ID", text, Shape::Addresses(&OTHER_FIELDS), "RFC 5503, 5";
    /// Who may send media before the answer.
    P_EARLY_MEDIA = "P-Early-Media", 0, "sip.P-Early-Media", text, Shape::Params, "RFC 5009, 7";
    /// A token for quality of service.
    P_MEDIA_AUTHORIZATION = "P-Media-Authorization", 0, "sip.P-Media-Authorization", text, Shape::Text, "RFC 3313, 5";
    /// Who the caller wants to be.
    P_PREFERRED_IDENTITY = "P-Preferred-Identity", 0, "sip.P-Preferred-Identity", text, Shape::Addresses(&PPI_FIELDS), "RFC 3325, 9.2";
    /// Which service the caller wants.
    P_PREFERRED_SERVICE = "P-Preferred-Service", 0, "sip.P-Preferred-Service", text, Shape::Text, "RFC 6050, 4.2";
    /// The key of a service profile.
    P_PROFILE_KEY = "P-Profile-Key", 0, "sip.P-Profile-Key", text, Shape::Addresses(&OTHER_FIELDS), "RFC 5002, 5";
    /// Group members that were refused.
    P_REFUSED_URI_LIST = "P-Refused-URI-List", 0, "sip.P-Refused-URI-List", text, Shape::Addresses(&OTHER_FIELDS), "RFC 5318, 5";
    /// The user who is served.
    P_SERVED_USER = "P-Served-User", 0, "sip.P-Served-User", text, Shape::Addresses(&OTHER_FIELDS), "RFC 5502, 6";
    /// Where the user's data are.
    P_USER_DATABASE = "P-User-Database", 0, "sip.P-User-Database", text, Shape::Addresses(&OTHER_FIELDS), "RFC 4457, 4";
    /// The network the user is in.
    P_VISITED_NETWORK_ID = "P-Visited-Network-ID", 0, "sip.P-Visited-Network-ID", text, Shape::Params, "RFC 7315, 4.3";
    /// The way to a registered phone.
    PATH = "Path", 0, "sip.Path", text, Shape::Addresses(&PATH_FIELDS), "RFC 3327, 4";
    /// Whose permission is missing.
    PERMISSION_MISSING = "Permission-Missing", 0, "sip.Permission-Missing", text, Shape::Addresses(&PMISS_FIELDS), "RFC 5360, 5.9.3";
    /// Where policies are.
    POLICY_CONTACT = "Policy-Contact", 0, "sip.Policy_Contact", text, Shape::Addresses(&OTHER_FIELDS), "RFC 6794, 4.4.5";
    /// The policy that was followed.
    POLICY_ID = "Policy-ID", 0, "sip.Policy_ID", text, Shape::Params, "RFC 6794, 4.4.5";
    /// How urgent it is.
    PRIORITY = "Priority", 0, "sip.Priority", text, Shape::Text, "RFC 3261, 20.26";
    /// Whether the priority is shared.
    PRIORITY_SHARE = "Priority-Share", 0, "sip.Priority-Share", text, Shape::Params, "3GPP TS 24.229, 7.2.16";
    /// Whether to answer without asking, for those who may.
    PRIV_ANSWER_MODE = "Priv-Answer-Mode", 0, "sip.Priv-Answer-mode", text, Shape::Params, "RFC 5373, 4";
    /// What to hide.
    PRIVACY = "Privacy", 0, "sip.Privacy", text, Shape::Text, "RFC 3323, 4.2";
    /// A proxy's challenge.
    PROXY_AUTHENTICATE = "Proxy-Authenticate", 0, "sip.Proxy-Authenticate", text, Shape::Auth(auth::dissect), "RFC 3261, 20.27";
    /// Credentials for a proxy.
    PROXY_AUTHORIZATION = "Proxy-Authorization", 0, "sip.Proxy-Authorization", text, Shape::Auth(auth::dissect), "RFC 3261, 20.28";
    /// What proxies must understand.
    PROXY_REQUIRE = "Proxy-Require", 0, "sip.Proxy-Require", text, Shape::Text, "RFC 3261, 20.29";
    /// The provisional response that is acknowledged.
    RACK = "RAck", 0, "sip.RAck", text, Shape::Own(cseq::dissect_rack), "RFC 3262, 7.2";
    /// Why a request is sent.
    REASON = "Reason", 0, "sip.Reason", text, Shape::Own(reason::dissect), "RFC 3326, 2";
    /// Proxies that want to stay on the way.
    RECORD_ROUTE = "Record-Route", 0, "sip.Record-Route", text, Shape::Addresses(&RECORD_ROUTE_FIELDS), "RFC 3261, 20.30";
    /// Packages of INFO that are understood.
    RECV_INFO = "Recv-Info", 0, "sip.Recv-Info", text, Shape::Params, "RFC 6086, 7.3";
    /// Whether a REFER subscribes.
    REFER_SUB = "Refer-Sub", 0, "sip.Refer-Sub", text, Shape::Params, "RFC 4488, 4";
    /// Whom to call.
    REFER_TO = "Refer-To", b'r', "sip.Refer-To", text, Shape::Address(&OTHER_FIELDS), "RFC 3515, 2.1";
    /// Who says so.
    REFERRED_BY = "Referred-By", b'b', "sip.Referred-by", text, Shape::Address(&OTHER_FIELDS), "RFC 3892, 3";
    /// Which phones of a user are not wanted.
    REJECT_CONTACT = "Reject-Contact", b'j', "sip.Reject-Contact", text, Shape::Params, "RFC 3841, 9.2";
    /// Charging data of a transit network.
    RELAYED_CHARGE = "Relayed-Charge", 0, "sip.Relayed-Charge", text, Shape::Params, "3GPP TS 24.229, 7.2.14";
    /// The dialog to replace.
    REPLACES = "Replaces", 0, "sip.Replaces", text, Shape::Params, "RFC 3891, 6.1";
    /// Whom to call back.
    REPLY_TO = "Reply-To", 0, "sip.Reply-To", text, Shape::Address(&OTHER_FIELDS), "RFC 3261, 20.31";
    /// How proxies shall route.
    REQUEST_DISPOSITION = "Request-Disposition", b'd', "sip.Request-Disposition", text, Shape::Text, "RFC 3841, 9.1";
    /// What the other end must understand.
    REQUIRE = "Require", 0, "sip.Require", text, Shape::Text, "RFC 3261, 20.32";
    /// The priority of resources.
    RESOURCE_PRIORITY = "Resource-Priority", 0, "sip.Resource-Priority", text, Shape::Text, "RFC 4412, 3.1";
    /// Whether resources are shared.
    RESOURCE_SHARE = "Resource-Share", 0, "sip.Resource-Share", text, Shape::Params, "3GPP TS 24.229, 7.2.13";
    /// Who made the response.
    RESPONSE_SOURCE = "Response-Source", 0, "sip.Response-Source", text, Shape::Params, "3GPP TS 24.229, 7.2.17";
    /// What was lost and is restored.
    RESTORATION_INFO = "Restoration-Info", 0, "sip.Restoration-Info", text, Shape::Text, "3GPP TS 24.229, 7.2.11";
    /// After how many seconds to try again.
    RETRY_AFTER = "Retry-After", 0, "sip.Retry-After", number, Shape::RetryAfter, "RFC 3261, 20.33";
    /// Proxies on the way.
    ROUTE = "Route", 0, "sip.Route", text, Shape::Addresses(&ROUTE_FIELDS), "RFC 3261, 20.34";
    /// The number of a provisional response.
    RSEQ = "RSeq", 0, "sip.RSeq", number, Shape::Number(u32::MAX), "RFC 3262, 7.1";
    /// Mechanisms the client has.
    SECURITY_CLIENT = "Security-Client", 0, "sip.Security-Client", text, Shape::Own(ims::security), "RFC 3329, 2.2";
    /// Mechanisms the server has.
    SECURITY_SERVER = "Security-Server", 0, "sip.Security-Server", text, Shape::Own(ims::security), "RFC 3329, 2.2";
    /// Mechanisms the server said it has.
    SECURITY_VERIFY = "Security-Verify", 0, "sip.Security-Verify", text, Shape::Own(ims::security), "RFC 3329, 2.2";
    /// The server's software.
    SERVER = "Server", 0, "sip.Server", text, Shape::Text, "RFC 3261, 20.35";
    /// Services that were run, and that must not be.
    SERVICE_INTERACT_INFO = "Service-Interact-Info", 0, "sip.Service-Interact-Info", text, Shape::Params, "3GPP TS 24.229, 7.2.21";
    /// The way to the home network's services.
    SERVICE_ROUTE = "Service-Route", 0, "sip.Service-Route", text, Shape::Addresses(&SERVICE_ROUTE_FIELDS), "RFC 3608, 5";
    /// After how long a session ends if it is not refreshed.
    SESSION_EXPIRES = "Session-Expires", b'x', "sip.Session-Expires", text, Shape::Params, "RFC 4028, 4";
    /// Names the session from end to end.
    SESSION_ID = "Session-ID", 0, "sip.Session-ID", text, Shape::Own(ims::session_id), "RFC 7989, 5";
    /// Names a publication.
    SIP_ETAG = "SIP-ETag", 0, "sip.ETag", text, Shape::Text, "RFC 3903, 11.3.1";
    /// What it is about.
    SUBJECT = "Subject", b's', "sip.Subject", text, Shape::Text, "RFC 3261, 20.36";
    /// The state of a subscription.
    SUBSCRIPTION_STATE = "Subscription-State", 0, "sip.Subscription-State", text, Shape::Params, "RFC 6665, 8.2.3";
    /// Extensions that are understood.
    SUPPORTED = "Supported", b'k', "sip.Supported", text, Shape::Text, "RFC 3261, 20.37";
    /// The version that need not be sent again.
    SUPPRESS_IF_MATCH = "Suppress-If-Match", 0, "sip.Suppress_If_Match", text, Shape::Text, "RFC 5839, 7.2";
    /// The dialog that shows the right to ask.
    TARGET_DIALOG = "Target-Dialog", 0, "sip.Target-Dialog", text, Shape::Params, "RFC 4538, 7";
    /// When the client sent it, by its own clock.
    TIMESTAMP = "Timestamp", 0, "sip.Timestamp", text, Shape::Text, "RFC 3261, 20.38";
    /// To whom the request goes.
    TO = "To", b't', "sip.To", text, Shape::Address(&TO_FIELDS), "RFC 3261, 20.39";
    /// Whose permission to ask for.
    TRIGGER_CONSENT = "Trigger-Consent", 0, "sip.Trigger-Consent", text, Shape::Addresses(&TC_FIELDS), "RFC 5360, 5.11.2";
    /// Extensions that are not understood.
    UNSUPPORTED = "Unsupported", 0, "sip.Unsupported", text, Shape::Text, "RFC 3261, 20.40";
    /// The client's software.
    USER_AGENT = "User-Agent", 0, "sip.User-Agent", text, Shape::Text, "RFC 3261, 20.41";
    /// Data from user to user.
    USER_TO_USER = "User-to-User", 0, "sip.uui", text, Shape::Params, "RFC 7433, 4";
    /// The way the request took, and the answer takes.
    VIA = "Via", b'v', "sip.Via", text, Shape::Own(via::dissect), "RFC 3261, 20.42";
    /// More about what went wrong.
    WARNING = "Warning", 0, "sip.Warning", text, Shape::Text, "RFC 3261, 20.43";
    /// The server's challenge.
    WWW_AUTHENTICATE = "WWW-Authenticate", 0, "sip.WWW-Authenticate", text, Shape::Auth(auth::dissect), "RFC 3261, 20.44";
}
