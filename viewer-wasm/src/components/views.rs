//! The view of associations, calls and statistics: it shows the markup that its worker makes, and turns what is done there into
//! steps. And that worker's end of the page.

use super::icons::{Icon, icon};
use super::{Dispatch, browser};
use crate::state::Action;
use crate::state::views::{Doing, Step, Views};
use crate::views::{Ask, Told};
use js_sys::{Array, Function, Object, Promise, Reflect};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Element, HtmlAnchorElement, HtmlElement, MessageEvent, Url, Worker};
use yew::prelude::*;

/// What stands beside a picture, in pixels.
const MARGINS: i32 = 40;
/// How far the pointer may move in a click, in pixels.
const STILL: f64 = 4.0;
/// How much a step of the wheel or a button zooms.
const ZOOM: f64 = 1.6;

/// The worker that makes views: it is started when it is first asked.
#[derive(Default)]
pub(crate) struct Reports {
    worker: Option<Worker>,
    starting: bool,
    /// What is open, until the worker was told.
    opened: Option<(Ask, Option<Blob>)>,
    waiting: Vec<(u32, Ask)>,
}

impl Reports {
    /// Another capture is open: a file, or the text of a hex dump.
    pub(crate) fn open(&mut self, ask: Ask, file: Option<Blob>) {
        self.opened = Some((ask, file));
    }
    /// Asks; answers whether the worker must be started first.
    fn ask(&mut self, number: u32, ask: Ask) -> bool {
        let Some(worker) = &self.worker else {
            self.waiting.push((number, ask));
            return !std::mem::replace(&mut self.starting, true);
        };
        if let Some((opened, file)) = self.opened.take() {
            post(worker, number, &opened, file.as_ref());
        }
        post(worker, number, &ask, None);
        false
    }
    /// The worker is there, or can't be started.
    pub(crate) fn started(&mut self, worker: Result<Worker, String>, dispatch: &Dispatch) {
        self.starting = false;
        let waiting = std::mem::take(&mut self.waiting);
        match worker {
            Ok(worker) => {
                listen(&worker, dispatch);
                self.worker = Some(worker);
                for (number, ask) in waiting {
                    self.ask(number, ask);
                }
            }
            Err(why) => dispatch.emit(Action::View(Step::Told(0, Told::Failed(why)))),
        }
    }
    /// Does what a view needs; answers whether the worker must be started.
    pub(crate) fn perform(&mut self, doing: Doing) -> bool {
        match doing {
            Doing::Ask(number, mut ask) => {
                if let Ask::View { width, .. } = &mut ask {
                    let room = browser::document().query_selector("main").ok().flatten();
                    *width = room.map_or(0, |room| (room.client_width() - MARGINS).max(0) as u32);
                }
                return self.ask(number, ask);
            }
            Doing::Save(name, text) => drop(save(&name, &text)),
            Doing::Print => drop(browser::window().print()),
            Doing::Focus => {}
        }
        false
    }
}

fn post(worker: &Worker, number: u32, ask: &Ask, file: Option<&Blob>) {
    let message = Object::new();
    let put = |name: &str, value: &JsValue| drop(Reflect::set(&message, &name.into(), value));
    put("number", &number.into());
    put("ask", &ask.print().into());
    if let Some(file) = file {
        put("file", file);
    }
    let _ = worker.post_message(&message);
}

fn listen(worker: &Worker, dispatch: &Dispatch) {
    let to = dispatch.clone();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let part = |name: &str| Reflect::get(&event.data(), &name.into()).ok();
        let text = |name: &str| part(name).and_then(|part| part.as_string()).unwrap_or_default();
        let number = part("number").and_then(|number| number.as_f64()).unwrap_or_default();
        if let Some(told) = Told::of(&text("kind"), text("name"), text("text")) {
            to.emit(Action::View(Step::Told(number as u32, told)));
        }
    });
    worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    let to = dispatch.clone();
    let stopped = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
        let why = format!("what makes the views has stopped: {}", event.message());
        to.emit(Action::View(Step::Told(0, Told::Failed(why))));
    });
    worker.set_onerror(Some(stopped.as_ref().unchecked_ref()));
    stopped.forget();
}

/// Starts the worker by the function that `boot.js` gave.
pub(crate) async fn start(start: Function) -> Result<Worker, String> {
    let words = |error: JsValue| {
        let error = error.dyn_into::<js_sys::Error>().map(|error| String::from(error.message()));
        error.unwrap_or_else(|_| "the host does not answer".to_owned())
    };
    let promise = start.call1(&JsValue::NULL, &"reports".into()).map_err(words)?;
    let worker = JsFuture::from(Promise::resolve(&promise)).await.map_err(words)?;
    Ok(worker.unchecked_into())
}

/// Lets the browser save a text.
fn save(name: &str, text: &str) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(&Blob::new_with_str_sequence(&Array::of1(&text.into()))?)?;
    let link: HtmlAnchorElement = browser::document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    browser::later(60_000, move || drop(Url::revoke_object_url(&url)));
    Ok(())
}

#[derive(Properties)]
pub(crate) struct Props {
    pub(crate) views: Views,
    pub(crate) dispatch: Dispatch,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        let (a, b) = (&self.views, &other.views);
        let same = |a: &Option<Rc<str>>, b: &Option<Rc<str>>| match (a, b) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            _ => a.is_none() && b.is_none(),
        };
        (a.version, a.open, a.share, &a.fault, &a.near) == (b.version, b.open, b.share, &b.fault, &b.near)
            && same(&a.picture, &b.picture)
            && a.place == b.place
    }
}

/// What there is of a chart under the pointer: its picture, all its time, and where the pointer is, as a share of the time axis
/// and in the picture's units.
struct Under {
    whole: (i64, i64),
    share: f64,
    at: (i32, i32),
    /// How wide the time axis is, in pixels.
    axis: f64,
}

fn under(event: &MouseEvent) -> Option<Under> {
    let chart = browser::closest(event, ".chart")?;
    let svg = chart.query_selector("svg").ok()??;
    let two = |element: &Element, name: &str| {
        let text = element.get_attribute(name)?;
        let (first, second) = text.split_once(' ')?;
        Some((first.parse::<f64>().ok()?, second.parse::<f64>().ok()?))
    };
    let (whole, (left, right)) = (two(&chart, "data-whole")?, two(&chart, "data-margins")?);
    let width: f64 = svg.get_attribute("width")?.parse().ok()?;
    let place = svg.get_bounding_client_rect();
    let unit = place.width() / width;
    let (x, y) = (f64::from(event.client_x()) - place.left(), f64::from(event.client_y()) - place.top());
    let axis = (width - left - right) * unit;
    Some(Under {
        whole: (whole.0 as i64, whole.1 as i64),
        share: ((x - left * unit) / axis).clamp(0.0, 1.0),
        at: ((x / unit) as i32, (y / unit) as i32),
        axis,
    })
}

/// What a click in the view does.
fn clicked(event: &MouseEvent) -> Option<Step> {
    let of = |name: &str| {
        let element = browser::closest(event, &format!("[{name}]"))?;
        Some((element.get_attribute(name)?, element))
    };
    let zoom = |times, by| {
        let chart = browser::document().query_selector(".view .chart").ok()??;
        let whole = chart.get_attribute("data-whole")?;
        let (from, to) = whole.split_once(' ')?;
        Some(Step::Move { whole: (from.parse().ok()?, to.parse().ok()?), at: 0.5, times, by })
    };
    if let Some((number, _)) = of("data-packet") {
        event.prevent_default();
        return Some(Step::Packet(number.parse().ok()?));
    }
    if let Some((place, button)) = of("data-go") {
        return Some(if button.has_attribute("data-stay") {
            Step::Stay(place, button.id())
        } else {
            Step::Go(place)
        });
    }
    if let Some((format, _)) = of("data-save") {
        return Some(Step::Save(format));
    }
    if let Some((word, _)) = of("data-move") {
        return match word.as_str() {
            "in" => zoom(1.0 / ZOOM, 0.0),
            "out" => zoom(ZOOM, 0.0),
            "left" => zoom(1.0, -0.25),
            "right" => zoom(1.0, 0.25),
            _ => zoom(1e18, 0.0),
        };
    }
    of("data-print").map(|_| Step::Print)
}

#[component]
pub(crate) fn View(props: &Props) -> Html {
    let Props { views, dispatch } = props;
    let (node, tip) = (use_node_ref(), use_node_ref());
    {
        let (node, markup, focus) = (node.clone(), views.markup.clone(), views.focus.clone());
        use_effect_with((views.version, views.open), move |(version, open)| {
            let Some(told) = node.cast::<HtmlElement>() else { return };
            let version = version.to_string();
            if told.get_attribute("data-version").as_ref() != Some(&version) {
                told.set_inner_html(&markup);
                let _ = told.set_attribute("data-version", &version);
                if &*focus == "view-title"
                    && let Some(view) = told.parent_element()
                {
                    view.set_scroll_top(0);
                }
            }
            let focused = browser::document().get_element_by_id(&focus);
            if let Some(element) = focused.and_then(|element| element.dyn_into().ok()).filter(|_| *open) {
                browser::focus(&element);
            }
        });
    }
    {
        let (node, picture) = (node.clone(), views.picture.clone());
        use_effect_with(picture.as_ref().map(|picture| picture.as_ptr()), move |_| {
            let chart = node.cast::<Element>().and_then(|told| told.query_selector(".chart").ok().flatten());
            if let (Some(chart), Some(picture)) = (chart, picture) {
                chart.set_inner_html(&picture);
            }
        });
    }
    {
        let (node, tip, near) = (node.clone(), tip.clone(), views.near.clone());
        use_effect_with(near, move |near| {
            let svg =
                node.cast::<Element>().and_then(|told| told.query_selector(".chart svg").ok().flatten());
            let (Some(svg), Some(tip), Some((x, y, _))) = (svg, tip.cast::<HtmlElement>(), near) else {
                return;
            };
            let (place, width) = (svg.get_bounding_client_rect(), svg.get_attribute("width"));
            let width: f64 = width.and_then(|width| width.parse().ok()).unwrap_or(1.0);
            let unit = place.width() / width;
            let (left, top) = (place.left() + f64::from(*x) * unit, place.top() + f64::from(*y) * unit);
            let _ = tip.style().set_property("left", &format!("{left}px"));
            let _ = tip.style().set_property("top", &format!("{top}px"));
            let _ = tip.class_list().toggle_with_force("before", left > place.left() + place.width() / 2.0);
        });
    }
    let step = dispatch.reform(Action::View);
    // Where the pointer went down in a chart, and whether it has moved since.
    let held = use_mut_ref(|| None::<(f64, f64, bool)>);
    let click = {
        let (step, held) = (step.clone(), held.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some(under) = under(&event) {
                if held.borrow_mut().take().is_none_or(|(.., moved)| !moved) {
                    step.emit(Step::Near(under.at.0, under.at.1, true));
                }
            } else if let Some(clicked) = clicked(&event) {
                step.emit(clicked);
            }
        })
    };
    let down = {
        let held = held.clone();
        Callback::from(move |event: PointerEvent| {
            let place = (f64::from(event.client_x()), f64::from(event.client_x()), false);
            *held.borrow_mut() = under(&event).map(|_| place);
        })
    };
    let moved = {
        let step = step.clone();
        Callback::from(move |event: PointerEvent| {
            let Some(under) = under(&event) else { return };
            let mut held = held.borrow_mut();
            match &mut *held {
                Some((first, last, moved)) if event.buttons() & 1 == 1 => {
                    let x = f64::from(event.client_x());
                    if *moved || (x - *first).abs() > STILL {
                        let by = (*last - x) / under.axis;
                        (*last, *moved) = (x, true);
                        step.emit(Step::Move { whole: under.whole, at: 0.0, times: 1.0, by });
                    }
                }
                _ => step.emit(Step::Near(under.at.0, under.at.1, false)),
            }
        })
    };
    let wheel = {
        let step = step.clone();
        Callback::from(move |event: WheelEvent| {
            let Some(under) = under(&event) else { return };
            event.prevent_default();
            let times = if event.delta_y() > 0.0 { ZOOM } else { 1.0 / ZOOM };
            step.emit(Step::Move { whole: under.whole, at: under.share, times, by: 0.0 });
        })
    };
    let submit = {
        let step = step.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(form) = browser::closest(&event, "form") else { return };
            let filter = form.query_selector("input, textarea").ok().flatten();
            let filter = filter.and_then(|field| Reflect::get(&field, &"value".into()).ok()?.as_string());
            let place = form.get_attribute("data-filter").unwrap_or_default();
            let filter = filter.unwrap_or_default();
            step.emit(Step::Go(if filter.trim().is_empty() { place } else { format!("{place}?{filter}") }));
        })
    };
    let close = step.reform(|_: MouseEvent| Step::Toggle);
    html! {
        <section class={classes!("view", views.open.then_some("open"))} aria-label="View" hidden={!views.open} aria-busy={(views.share.is_some() || views.version == 0).to_string()}
            onclick={click} onpointerdown={down} onpointermove={moved} onwheel={wheel} onsubmit={submit}>
            <div class="close">
                if let Some(share) = views.share {
                    <progress max="1" value={format!("{share:.3}")} aria-label="Reading the capture for the view" />
                }
                if let Some(fault) = &views.fault { <p class="fault" role="alert">{ fault.clone() }</p> }
                <button type="button" class="quiet" onclick={close} aria-label="Back to the packets" title="Back to the packets (F4)">{ icon(Icon::Close) }</button>
            </div>
            <div class="told" ref={node} />
            if let Some((_, _, words)) = &views.near { <p class="tip" ref={tip} aria-hidden="true">{ words.clone() }</p> }
        </section>
    }
}
