//! The fields of the addresses in headers: who is called what, in which header.

use super::address::AddressFields;
use crate::{Show, fields};

fields! {
    /// A display name, in whichever header.
    pub DISPLAY = "sip.display.info", "SIP Display info", Show::text().repeats(), "RFC 3261, 20.10";
    /// A tag, of From or To.
    pub TAG = "sip.tag", "SIP tag", Show::text().repeats(), "RFC 3261, 19.3";
    /// The display name in From.
    pub FROM_DISPLAY = "sip.from.display.info", "SIP from display info", Show::text().also(&[&DISPLAY]).repeats(), "RFC 3261, 20.20";
    /// The URI in From.
    pub FROM_URI = "sip.from.addr", "SIP from address", Show::text().repeats(), "RFC 3261, 20.20";
    /// The user in that URI, with a password if there is one.
    pub FROM_USER = "sip.from.user", "SIP from address User Part", Show::text(), "RFC 3261, 19.1.1";
    /// The host in that URI.
    pub FROM_HOST = "sip.from.host", "SIP from address Host Part", Show::text(), "RFC 3261, 19.1.1";
    /// The port in that URI.
    pub FROM_PORT = "sip.from.port", "SIP from address Host Port", Show::text(), "RFC 3261, 19.1.1";
    /// A parameter of that URI.
    pub FROM_PARAM = "sip.from.param", "SIP From URI parameter", Show::text().repeats(), "RFC 3261, 19.1.1";
    /// A parameter of From.
    pub FROM_PARAMETER = "sip.from.parameter", "From parameter", Show::text().repeats(), "RFC 3261, 20.20";
    /// The caller's half of the dialog's name.
    pub FROM_TAG = "sip.from.tag", "SIP from tag", Show::text().repeats().also(&[&TAG]), "RFC 3261, 19.3";
    /// The display name in To.
    pub TO_DISPLAY = "sip.to.display.info", "SIP to display info", Show::text().also(&[&DISPLAY]).repeats(), "RFC 3261, 20.39";
    /// The URI in To.
    pub TO_URI = "sip.to.addr", "SIP to address", Show::text().repeats(), "RFC 3261, 20.39";
    /// The user in that URI, with a password if there is one.
    pub TO_USER = "sip.to.user", "SIP to address User Part", Show::text(), "RFC 3261, 19.1.1";
    /// The host in that URI.
    pub TO_HOST = "sip.to.host", "SIP to address Host Part", Show::text(), "RFC 3261, 19.1.1";
    /// The port in that URI.
    pub TO_PORT = "sip.to.port", "SIP to address Host Port", Show::text(), "RFC 3261, 19.1.1";
    /// A parameter of that URI.
    pub TO_PARAM = "sip.to.param", "SIP To URI parameter", Show::text().repeats(), "RFC 3261, 19.1.1";
    /// A parameter of To.
    pub TO_PARAMETER = "sip.to.parameter", "To parameter", Show::text().repeats(), "RFC 3261, 20.39";
    /// The callee's half of the dialog's name.
    pub TO_TAG = "sip.to.tag", "SIP to tag", Show::text().repeats().also(&[&TAG]), "RFC 3261, 19.3";
    /// The display name in Contact.
    pub CONTACT_DISPLAY = "sip.contact.display.info", "SIP C-URI display info", Show::text().also(&[&DISPLAY]).repeats(), "RFC 3261, 20.10";
    /// The URI in Contact.
    pub CONTACT_URI = "sip.contact.uri", "Contact URI", Show::text().repeats(), "RFC 3261, 20.10";
    /// The user in that URI, with a password if there is one.
    pub CONTACT_USER = "sip.contact.user", "Contact URI User Part", Show::text(), "RFC 3261, 19.1.1";
    /// The host in that URI.
    pub CONTACT_HOST = "sip.contact.host", "Contact URI Host Part", Show::text(), "RFC 3261, 19.1.1";
    /// The port in that URI.
    pub CONTACT_PORT = "sip.contact.port", "Contact URI Host Port", Show::text(), "RFC 3261, 19.1.1";
    /// A parameter of that URI.
    pub CONTACT_PARAM = "sip.contact.param", "Contact URI parameter", Show::text().repeats(), "RFC 3261, 19.1.1";
    /// A parameter of Contact.
    pub CONTACT_PARAMETER = "sip.contact.parameter", "Contact parameter", Show::text().repeats(), "RFC 3261, 20.10";
    /// The display name in Route.
    pub ROUTE_DISPLAY = "sip.Route.display.info", "Route display info", Show::text().also(&[&DISPLAY]).repeats(), "RFC 3261, 20.34";
    /// The URI in Route.
    pub ROUTE_URI = "sip.Route.uri", "Route URI", Show::text().repeats(), "RFC 3261, 20.34";
    /// The user in that URI, with a password if there is one.
    pub ROUTE_USER = "sip.Route.user", "Route Userinfo", Show::text(), "RFC 3261, 19.1.1";
    /// The host in that URI.
    pub ROUTE_HOST = "sip.Route.host", "Route Host Part", Show::text(), "RFC 3261, 19.1.1";
    /// The port in that URI.
    pub ROUTE_PORT = "sip.Route.port", "Route Host Port", Show::text(), "RFC 3261, 19.1.1";
    /// A parameter of that URI.
    pub ROUTE_PARAM = "sip.Route.param", "Route URI parameter", Show::text().repeats(), "RFC 3261, 19.1.1";
    /// A parameter of Route.
    pub ROUTE_PARAMETER = "sip.Route.parameter", "Route parameter", Show::text().repeats(), "RFC 3261, 20.34";
    /// The display name in Record-Route.
    pub RECORD_ROUTE_DISPLAY = "sip.Record-Route.display.info", "Record-Route display info", Show::text().also(&[&DISPLAY]).repeats(), "RFC 3261, 20.30";
    /// The URI in Record-Route.
    pub RECORD_ROUTE_URI = "sip.Record-Route.uri", "Record-Route URI", Show::text().repeats(), "RFC 3261, 20.30";
    /// The user in that URI, with a password if there is one.
    pub RECORD_ROUTE_USER = "sip.Record-Route.user", "Record-Route Userinfo", Show::text(), "RFC 3261, 19.1.1";
    /// The host in that URI.
    pub RECORD_ROUTE_HOST = "sip.Record-Route.host", "Record-Route Host Part", Show::text(), "RFC 3261, 19.1.1";
    /// The port in that URI.
    pub RECORD_ROUTE_PORT = "sip.Record-Route.port", "Record-Route Host Port", Show::text(), "RFC 3261, 19.1.1";
    /// A parameter of that URI.
    pub RECORD_ROUTE_PARAM = "sip.Record-Route.param", "Record-Route URI parameter", Show::text().repeats(), "RFC 3261, 19.1.1";
    /// A parameter of Record-Route.
    pub RECORD_ROUTE_PARAMETER = "sip.Record-Route.parameter", "Record-Route parameter", Show::text().repeats(), "RFC 3261, 20.30";
    /// The display name in Service-Route.
    pub SERVICE_ROUTE_DISPLAY = "sip.Service-Route.display.info", "Service-Route display info", Show::text().also(&[&DISPLAY]).repeats(), "RFC 3608, 5";
    /// The URI in Service-Route.
    pub SERVICE_ROUTE_URI = "sip.Service-Route.uri", "Service-Route URI", Show::text().repeats(), "RFC 3608, 5";
    /// The user in that URI, with a password if there is one.
    pub SERVICE_ROUTE_USER = "sip.Service-Route.user", "Service-Route Userinfo", Show::text(), "RFC 3261, 19.1.1";
    /// The host in that URI.
    pub SERVICE_ROUTE_HOST = "sip.Service-Route.host", "Service-Route Host Part", Show::text(), "RFC 3261, 19.1.1";
    /// The port in that URI.
    pub SERVICE_ROUTE_PORT = "sip.Service-Route.port", "Service-Route Host Port", Show::text(), "RFC 3261, 19.1.1";
    /// A parameter of that URI.
    pub SERVICE_ROUTE_PARAM = "sip.Service-Route.param", "Service-Route URI parameter", Show::text().repeats(), "RFC 3261, 19.1.1";
    /// A parameter of Service-Route.
    pub SERVICE_ROUTE_PARAMETER = "sip.Service-Route.parameter", "Service-Route parameter", Show::text().repeats(), "RFC 3608, 5";
    /// The display name in Path.
    pub PATH_DISPLAY = "sip.Path.display.info", "Path display info", Show::text().also(&[&DISPLAY]).repeats(), "RFC 3327, 4";
    /// The URI in Path.
    pub PATH_URI = "sip.Path.uri", "Path URI", Show::text().repeats(), "RFC 3327, 4";
    /// The user in that URI, with a password if there is one.
    pub PATH_USER = "sip.Path.user", "Path Userinfo", Show::text(), "RFC 3261, 19.1.1";
    /// The host in that URI.
    pub PATH_HOST = "sip.Path.host", "Path Host Part", Show::text(), "RFC 3261, 19.1.1";
    /// The port in that URI.
    pub PATH_PORT = "sip.Path.port", "Path Host Port", Show::text(), "RFC 3261, 19.1.1";
    /// A parameter of that URI.
    pub PATH_PARAM = "sip.Path.param", "Path URI parameter", Show::text().repeats(), "RFC 3261, 19.1.1";
    /// A parameter of Path.
    pub PATH_PARAMETER = "sip.Path.parameter", "Path parameter", Show::text().repeats(), "RFC 3327, 4";
    /// The display name in P-Asserted-Identity.
    pub PAI_DISPLAY = "sip.pai.display.info", "SIP PAI display info", Show::text().also(&[&DISPLAY]).repeats(), "RFC 3325, 9.1";
    /// The URI in P-Asserted-Identity.
    pub PAI_URI = "sip.pai.addr", "SIP PAI Address", Show::text().repeats(), "RFC 3325, 9.1";
    /// The user in that URI, with a password if there is one.
    pub PAI_USER = "sip.pai.user", "SIP PAI User Part", Show::text(), "RFC 3261, 19.1.1";
    /// The host in that URI.
    pub PAI_HOST = "sip.pai.host", "SIP PAI Host Part", Show::text(), "RFC 3261, 19.1.1";
    /// The port in that URI.
    pub PAI_PORT = "sip.pai.port", "SIP PAI Host Port", Show::text(), "RFC 3261, 19.1.1";
    /// A parameter of that URI.
    pub PAI_PARAM = "sip.pai.param", "SIP PAI URI parameter", Show::text().repeats(), "RFC 3261, 19.1.1";
    /// A parameter of P-Asserted-Identity.
    pub PAI_PARAMETER = "sip.pai.parameter", "P-Asserted-Identity parameter", Show::text().repeats(), "RFC 3325, 9.1";
    /// The display name in P-Preferred-Identity.
    pub PPI_DISPLAY = "sip.ppi.display.info", "SIP PPI display info", Show::text().also(&[&DISPLAY]).repeats(), "RFC 3325, 9.2";
    /// The URI in P-Preferred-Identity.
    pub PPI_URI = "sip.ppi.addr", "SIP PPI Address", Show::text().repeats(), "RFC 3325, 9.2";
    /// The user in that URI, with a password if there is one.
    pub PPI_USER = "sip.ppi.user", "SIP PPI User Part", Show::text(), "RFC 3261, 19.1.1";
    /// The host in that URI.
    pub PPI_HOST = "sip.ppi.host", "SIP PPI Host Part", Show::text(), "RFC 3261, 19.1.1";
    /// The port in that URI.
    pub PPI_PORT = "sip.ppi.port", "SIP PPI Host Port", Show::text(), "RFC 3261, 19.1.1";
    /// A parameter of that URI.
    pub PPI_PARAM = "sip.ppi.param", "SIP PPI URI parameter", Show::text().repeats(), "RFC 3261, 19.1.1";
    /// A parameter of P-Preferred-Identity.
    pub PPI_PARAMETER = "sip.ppi.parameter", "P-Preferred-Identity parameter", Show::text().repeats(), "RFC 3325, 9.2";
    /// The display name in Permission-Missing.
    pub PMISS_DISPLAY = "sip.pmiss.display.info", "SIP PMISS display info", Show::text().also(&[&DISPLAY]).repeats(), "RFC 5360, 5.9.3";
    /// The URI in Permission-Missing.
    pub PMISS_URI = "sip.pmiss.addr", "SIP PMISS Address", Show::text().repeats(), "RFC 5360, 5.9.3";
    /// The user in that URI, with a password if there is one.
    pub PMISS_USER = "sip.pmiss.user", "SIP PMISS User Part", Show::text(), "RFC 3261, 19.1.1";
    /// The host in that URI.
    pub PMISS_HOST = "sip.pmiss.host", "SIP PMISS Host Part", Show::text(), "RFC 3261, 19.1.1";
    /// The port in that URI.
    pub PMISS_PORT = "sip.pmiss.port", "SIP PMISS Host Port", Show::text(), "RFC 3261, 19.1.1";
    /// A parameter of that URI.
    pub PMISS_PARAM = "sip.pmiss.param", "SIP PMISS URI parameter", Show::text().repeats(), "RFC 3261, 19.1.1";
    /// A parameter of Permission-Missing.
    pub PMISS_PARAMETER = "sip.pmiss.parameter", "Permission-Missing parameter", Show::text().repeats(), "RFC 5360, 5.9.3";
    /// The display name in Trigger-Consent.
    pub TC_DISPLAY = "sip.tc.display.info", "SIP TC display info", Show::text().also(&[&DISPLAY]).repeats(), "RFC 5360, 5.11.2";
    /// The URI in Trigger-Consent.
    pub TC_URI = "sip.tc.addr", "SIP TC Address", Show::text().repeats(), "RFC 5360, 5.11.2";
    /// The user in that URI, with a password if there is one.
    pub TC_USER = "sip.tc.user", "SIP TC User Part", Show::text(), "RFC 3261, 19.1.1";
    /// The host in that URI.
    pub TC_HOST = "sip.tc.host", "SIP TC Host Part", Show::text(), "RFC 3261, 19.1.1";
    /// The port in that URI.
    pub TC_PORT = "sip.tc.port", "SIP TC Host Port", Show::text(), "RFC 3261, 19.1.1";
    /// A parameter of that URI.
    pub TC_PARAM = "sip.tc.param", "SIP TC URI parameter", Show::text().repeats(), "RFC 3261, 19.1.1";
    /// A parameter of Trigger-Consent.
    pub TC_PARAMETER = "sip.tc.parameter", "Trigger-Consent parameter", Show::text().repeats(), "RFC 5360, 5.11.2";
    /// The URI for which permission is wanted.
    pub TC_TARGET = "sip.tc.target-uri", "SIP TC Target URI", Show::text().repeats(), "RFC 5360, 5.11.2";
    /// The display name in another header with addresses.
    pub OTHER_DISPLAY = "sip.address.display.info", "Display info", Show::text().also(&[&DISPLAY]).repeats(), "RFC 3261, 20.10";
    /// The URI in another header with addresses.
    pub OTHER_URI = "sip.address.uri", "URI", Show::text().repeats(), "RFC 3261, 20.10";
    /// The user in that URI, with a password if there is one.
    pub OTHER_USER = "sip.address.user", "User Part", Show::text(), "RFC 3261, 19.1.1";
    /// The host in that URI.
    pub OTHER_HOST = "sip.address.host", "Host Part", Show::text(), "RFC 3261, 19.1.1";
    /// The port in that URI.
    pub OTHER_PORT = "sip.address.port", "Host Port", Show::text(), "RFC 3261, 19.1.1";
    /// A parameter of that URI.
    pub OTHER_PARAM = "sip.address.param", "URI parameter", Show::text().repeats(), "RFC 3261, 19.1.1";
    /// A parameter of such a header.
    pub OTHER_PARAMETER = "sip.address.parameter", "Header parameter", Show::text().repeats(), "RFC 3261, 20.10";
}

/// The fields of the addresses in From.
pub(super) static FROM_FIELDS: AddressFields = AddressFields {
    display: &FROM_DISPLAY,
    uri: &FROM_URI,
    user: &FROM_USER,
    host: &FROM_HOST,
    port: &FROM_PORT,
    param: &FROM_PARAM,
    parameter: &FROM_PARAMETER,
    named: Some(("tag", &FROM_TAG)),
};

/// The fields of the addresses in To.
pub(super) static TO_FIELDS: AddressFields = AddressFields {
    display: &TO_DISPLAY,
    uri: &TO_URI,
    user: &TO_USER,
    host: &TO_HOST,
    port: &TO_PORT,
    param: &TO_PARAM,
    parameter: &TO_PARAMETER,
    named: Some(("tag", &TO_TAG)),
};

/// The fields of the addresses in Contact.
pub(super) static CONTACT_FIELDS: AddressFields = AddressFields {
    display: &CONTACT_DISPLAY,
    uri: &CONTACT_URI,
    user: &CONTACT_USER,
    host: &CONTACT_HOST,
    port: &CONTACT_PORT,
    param: &CONTACT_PARAM,
    parameter: &CONTACT_PARAMETER,
    named: None,
};

/// The fields of the addresses in Route.
pub(super) static ROUTE_FIELDS: AddressFields = AddressFields {
    display: &ROUTE_DISPLAY,
    uri: &ROUTE_URI,
    user: &ROUTE_USER,
    host: &ROUTE_HOST,
    port: &ROUTE_PORT,
    param: &ROUTE_PARAM,
    parameter: &ROUTE_PARAMETER,
    named: None,
};

/// The fields of the addresses in Record-Route.
pub(super) static RECORD_ROUTE_FIELDS: AddressFields = AddressFields {
    display: &RECORD_ROUTE_DISPLAY,
    uri: &RECORD_ROUTE_URI,
    user: &RECORD_ROUTE_USER,
    host: &RECORD_ROUTE_HOST,
    port: &RECORD_ROUTE_PORT,
    param: &RECORD_ROUTE_PARAM,
    parameter: &RECORD_ROUTE_PARAMETER,
    named: None,
};

/// The fields of the addresses in Service-Route.
pub(super) static SERVICE_ROUTE_FIELDS: AddressFields = AddressFields {
    display: &SERVICE_ROUTE_DISPLAY,
    uri: &SERVICE_ROUTE_URI,
    user: &SERVICE_ROUTE_USER,
    host: &SERVICE_ROUTE_HOST,
    port: &SERVICE_ROUTE_PORT,
    param: &SERVICE_ROUTE_PARAM,
    parameter: &SERVICE_ROUTE_PARAMETER,
    named: None,
};

/// The fields of the addresses in Path.
pub(super) static PATH_FIELDS: AddressFields = AddressFields {
    display: &PATH_DISPLAY,
    uri: &PATH_URI,
    user: &PATH_USER,
    host: &PATH_HOST,
    port: &PATH_PORT,
    param: &PATH_PARAM,
    parameter: &PATH_PARAMETER,
    named: None,
};

/// The fields of the addresses in P-Asserted-Identity.
pub(super) static PAI_FIELDS: AddressFields = AddressFields {
    display: &PAI_DISPLAY,
    uri: &PAI_URI,
    user: &PAI_USER,
    host: &PAI_HOST,
    port: &PAI_PORT,
    param: &PAI_PARAM,
    parameter: &PAI_PARAMETER,
    named: None,
};

/// The fields of the addresses in P-Preferred-Identity.
pub(super) static PPI_FIELDS: AddressFields = AddressFields {
    display: &PPI_DISPLAY,
    uri: &PPI_URI,
    user: &PPI_USER,
    host: &PPI_HOST,
    port: &PPI_PORT,
    param: &PPI_PARAM,
    parameter: &PPI_PARAMETER,
    named: None,
};

/// The fields of the addresses in Permission-Missing.
pub(super) static PMISS_FIELDS: AddressFields = AddressFields {
    display: &PMISS_DISPLAY,
    uri: &PMISS_URI,
    user: &PMISS_USER,
    host: &PMISS_HOST,
    port: &PMISS_PORT,
    param: &PMISS_PARAM,
    parameter: &PMISS_PARAMETER,
    named: None,
};

/// The fields of the addresses in Trigger-Consent.
pub(super) static TC_FIELDS: AddressFields = AddressFields {
    display: &TC_DISPLAY,
    uri: &TC_URI,
    user: &TC_USER,
    host: &TC_HOST,
    port: &TC_PORT,
    param: &TC_PARAM,
    parameter: &TC_PARAMETER,
    named: Some(("target-uri", &TC_TARGET)),
};

/// The fields of the addresses in other headers.
pub(super) static OTHER_FIELDS: AddressFields = AddressFields {
    display: &OTHER_DISPLAY,
    uri: &OTHER_URI,
    user: &OTHER_USER,
    host: &OTHER_HOST,
    port: &OTHER_PORT,
    param: &OTHER_PARAM,
    parameter: &OTHER_PARAMETER,
    named: None,
};
