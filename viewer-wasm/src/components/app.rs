//! The page as a whole: turns events into actions, draws the state, and does outside of it what an action asks for.

use super::bytes::Bytes;
use super::dialogs::{About, Comments, GoTo, Help, Paste, is_open};
use super::explain::Explain;
use super::filter_bar::{FilterBar, shown};
use super::find_bar::FindBar;
use super::icons::{Icon, icon};
use super::menu::Menu;
use super::packet_list::PacketList;
use super::rules::Rules;
use super::splitter::Splitter;
use super::start::Start;
use super::status::Status;
use super::toolbar::Toolbar;
use super::tree::Tree;
use super::views::{self, Reports, View};
use super::{Dispatch, browser, events};
use crate::channel;
use crate::message::{Ask, Colour};
use crate::model::colour;
use crate::model::keys::Command;
use crate::state::panes::{grouped, size};
use crate::state::{Action, Dialog, Effect, Menu as Place, Pane, Phase, Split, State};
use js_sys::Function;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, HtmlElement, HtmlInputElement, ResizeObserver, Worker};
use yew::prelude::*;

#[derive(Clone, Debug, PartialEq, Properties)]
pub(crate) struct Props {
    /// Who reads captures.
    pub(crate) worker: Worker,
    /// Loads a file of the page that a first visit does not need: by its name, to a promise of its text.
    pub(crate) load: Function,
    /// Starts a further worker: by its name, to a promise of it.
    pub(crate) start: Function,
    /// The capture to open first.
    pub(crate) file: Option<web_sys::File>,
}

pub(crate) enum Msg {
    Do(Action),
    Key(Command, Option<Pane>),
    /// The worker that makes views, or why it can't be started.
    Reports(Result<Worker, String>),
    /// A file to open, with its name, and whether a link named it.
    File(Blob, String, bool),
    /// Something is dragged over the page, or no longer.
    Dragged(bool),
    /// The address is to be written, unless it has changed since.
    Address(u32),
}

/// How long after the last scroll event scrolling rests, in milliseconds.
const REST: i32 = 160;
/// How long an address is held back: browsers refuse many changes in a row.
const HOLD: i32 = 250;
/// Below this width of the page, panes stand one under the other.
const NARROW: &str = "(max-width: 719px)";

pub(crate) struct App {
    state: State,
    dispatch: Dispatch,
    file: Option<Blob>,
    reports: Reports,
    dragged: bool,
    list: NodeRef,
    tree: NodeRef,
    bytes: NodeRef,
    find: NodeRef,
    filter: NodeRef,
    picker: NodeRef,
    /// The pieces of a file that is exported.
    pieces: js_sys::Array,
    /// What is to be done once it is drawn.
    after: Vec<Effect>,
    paints: Paints,
    sizes: ResizeObserver,
    watched: Vec<(Pane, HtmlElement)>,
    /// The address to write, and how often it changed.
    address: (String, u32),
    /// Where the focus was before a menu opened.
    before: Option<HtmlElement>,
    scrolls: Rc<std::cell::Cell<u32>>,
}

/// The rules' colours as they were last fitted to the theme.
#[derive(Default)]
struct Paints {
    of: Option<(Rc<Vec<Colour>>, bool, bool)>,
    paints: Rc<Vec<AttrValue>>,
}

impl Paints {
    fn fit(&mut self, rules: &Rc<Vec<Colour>>, dark: bool, on: bool) {
        let same = |(before, was_dark, was_on): &(Rc<Vec<Colour>>, bool, bool)| {
            Rc::ptr_eq(before, rules) && *was_dark == dark && *was_on == on
        };
        if self.of.as_ref().is_some_and(same) {
            return;
        }
        let paint = |rule: &Colour| {
            let (text, row) = (colour::parse(&rule.text)?, colour::parse(&rule.row)?);
            let (text, row) = colour::fit(text, row, dark);
            Some(AttrValue::from(format!("--text:{};--row:{}", colour::print(text), colour::print(row))))
        };
        self.paints = Rc::new(if on {
            rules.iter().map(|rule| paint(rule).unwrap_or_default()).collect()
        } else {
            Vec::new()
        });
        self.of = Some((rules.clone(), dark, on));
    }
}

impl Component for App {
    type Message = Msg;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> App {
        let link = ctx.link().clone();
        let dispatch = link.callback(Msg::Do);
        {
            let link = link.clone();
            channel::listen(&ctx.props().worker, move |number, answer, bytes| {
                let bytes = bytes.map(|bytes| bytes.to_vec()).unwrap_or_default();
                link.send_message(Msg::Do(Action::Answer { number, answer, bytes }));
            });
        }
        events::listen(&link);
        {
            let dispatch = dispatch.clone();
            let stopped = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
                dispatch.emit(Action::Stopped(event.message()));
            });
            ctx.props().worker.set_onerror(Some(stopped.as_ref().unchecked_ref()));
            stopped.forget();
        }
        let sizes = events::sizes(&link);
        let mut state = State::default();
        let narrow = dispatch.reform(Action::Narrow);
        state.narrow = browser::media(NARROW, move |now| narrow.emit(now));
        let dark = dispatch.reform(Action::Dark);
        state.dark = browser::media("(prefers-color-scheme: dark)", move |now| dark.emit(now));
        dispatch.emit(Action::Kept(browser::stored(browser::KEPT)));
        let settings = browser::stored(browser::SETTINGS);
        dispatch.emit(Action::Start { settings, fragment: browser::fragment() });
        if let Some(file) = &ctx.props().file {
            link.send_message(Msg::File(file.clone().into(), file.name(), false));
        }
        App {
            state,
            dispatch,
            file: None,
            reports: Reports::default(),
            dragged: false,
            list: NodeRef::default(),
            tree: NodeRef::default(),
            bytes: NodeRef::default(),
            find: NodeRef::default(),
            filter: NodeRef::default(),
            pieces: js_sys::Array::new(),
            picker: NodeRef::default(),
            after: Vec::new(),
            paints: Paints::default(),
            sizes,
            watched: Vec::new(),
            address: (String::new(), 0),
            before: None,
            scrolls: Rc::default(),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Msg) -> bool {
        let effects = match message {
            Msg::Do(action) => {
                if let Action::Menu(Some(_)) = &action
                    && self.state.menu.is_none()
                {
                    self.before =
                        browser::document().active_element().and_then(|before| before.dyn_into().ok());
                }
                if let Action::Scrolled(pane, _) = &action {
                    self.rest(*pane);
                }
                self.state.reduce(action)
            }
            Msg::Key(Command::Menu, pane) => {
                self.open_menu(pane);
                return true;
            }
            Msg::Reports(worker) => {
                self.reports.started(worker, &self.dispatch);
                return false;
            }
            Msg::Key(command, pane) => self.state.key(command, pane),
            Msg::File(blob, name, linked) => {
                let size = blob.size() as u64;
                self.file = Some(blob);
                self.state.reduce(Action::Open { name, size, linked })
            }
            Msg::Dragged(dragged) => return std::mem::replace(&mut self.dragged, dragged) != dragged,
            Msg::Address(count) => {
                if count == self.address.1 {
                    browser::set_fragment(&self.address.0);
                }
                return false;
            }
        };
        for effect in effects {
            self.perform(ctx, effect);
        }
        self.paints.fit(&self.state.colours, self.state.is_dark(), self.state.settings.colours);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let (state, dispatch) = (&self.state, &self.dispatch);
        let open = state.packets > 0;
        let chosen = ctx.link().batch_callback(|event: Event| {
            let input = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
            let file = input.files()?.item(0)?;
            // The same file may be chosen again.
            input.set_value("");
            let name = file.name();
            Some(Msg::File(file.into(), name, false))
        });
        let capture = state.capture.as_ref();
        html! {
            <>
                <Toolbar {open} dark={state.is_dark()} explain={state.settings.explain} find={state.find.open}
                    marked={state.marks.contains(&state.selected)} menu={state.menu.map(|menu| menu.of)} dispatch={dispatch.clone()} />
                <input ref={self.picker.clone()} type="file" class="unseen" tabindex="-1" aria-hidden="true" aria-label="Capture file" onchange={chosen} />
                <main class={classes!(self.dragged.then_some("dragged"), open.then_some("open"), state.views.open.then_some("viewing"))}>
                    { self.loading() }
                    { self.exporting() }
                    { self.notice() }
                    if state.find.open && open {
                        <FindBar node={self.find.clone()} find={state.find.clone()} dispatch={dispatch.clone()} />
                    }
                    if open {
                        <FilterBar node={self.filter.clone()} bar={state.filter.clone()} packets={state.packets} dispatch={dispatch.clone()} />
                    }
                    if open { { self.panes() } }
                    else if state.phase == Phase::Start { <Start dispatch={dispatch.clone()} /> }
                    else { <div class="start" aria-busy="true" /> }
                    if !state.views.place.is_empty() { <View views={state.views.clone()} dispatch={dispatch.clone()} /> }
                    <p class="unseen" role="status">{ state.said.clone() }</p>
                    if let Some(place) = state.menu { <Menu {place} items={state.items(place.of)} dispatch={dispatch.clone()} /> }
                    { self.dialog() }
                </main>
                <Status phase={state.phase} line={state.selected_line().cloned()} byte={state.byte} packets={state.packets} selected={state.selected}
                    marked={state.marks.len()} shown={state.picked.as_ref().map(|_| shown(state.count(), state.packets))} name={state.name.clone()} size={state.size} format={capture.map(|capture| capture.format.clone()).unwrap_or_default()}
                    damage={capture.map_or(0, |capture| capture.damage.len())} cancelled={capture.is_some_and(|capture| capture.cancelled)} dispatch={dispatch.clone()} />
            </>
        }
    }

    fn rendered(&mut self, _ctx: &Context<Self>, _first: bool) {
        if let Some(root) = browser::document().document_element() {
            let _ = root.set_attribute("data-theme", if self.state.is_dark() { "dark" } else { "light" });
        }
        let title = match self.state.phase {
            Phase::Start => "sctpdump".to_owned(),
            _ => format!("{} \u{2013} sctpdump", self.state.name),
        };
        browser::document().set_title(&title);
        self.watch();
        for effect in std::mem::take(&mut self.after) {
            match effect {
                Effect::Scroll(pane, at) => {
                    if let Some(element) = self.node(pane).cast::<HtmlElement>() {
                        element.set_scroll_top(at as i32);
                    }
                }
                Effect::Focus(pane) => {
                    // A dialog gives the focus back by itself.
                    let free = !is_open() && browser::may_focus();
                    if let Some(element) = self.node(pane).cast::<HtmlElement>().filter(|_| free) {
                        browser::focus(&element);
                    }
                }
                Effect::FocusFind => {
                    if let Some(input) = self.find.cast::<HtmlInputElement>() {
                        browser::focus(&input);
                        input.select();
                    }
                }
                Effect::FocusFilter(cursor) => {
                    if let Some(input) = self.filter.cast::<HtmlInputElement>().filter(|_| !is_open()) {
                        browser::focus(&input);
                        match cursor {
                            Some(cursor) => drop(input.set_selection_range(cursor, cursor)),
                            None => input.select(),
                        }
                    }
                }
                Effect::FocusBack => {
                    if let Some(before) = self.before.take() {
                        browser::focus(&before);
                    }
                }
                _ => {}
            }
        }
    }
}

impl App {
    fn node(&self, pane: Pane) -> &NodeRef {
        match pane {
            Pane::List => &self.list,
            Pane::Tree => &self.tree,
            Pane::Bytes => &self.bytes,
        }
    }
    /// Says when scrolling of a long list rests.
    fn rest(&mut self, pane: Pane) {
        let scrolls = self.scrolls.clone();
        scrolls.set(scrolls.get().wrapping_add(1));
        let (now, dispatch) = (scrolls.get(), self.dispatch.clone());
        if pane == Pane::List && self.state.list.is_scaled() {
            browser::later(REST, move || {
                if scrolls.get() == now {
                    dispatch.emit(Action::Settled(pane));
                }
            });
        }
    }
    /// Hears of the sizes of the panes that are drawn now.
    fn watch(&mut self) {
        for pane in [Pane::List, Pane::Tree, Pane::Bytes] {
            let now = self.node(pane).cast::<HtmlElement>();
            let before = self.watched.iter().position(|(other, _)| *other == pane);
            match (before, now) {
                (Some(at), Some(now)) if self.watched[at].1 == now => {}
                (before, now) => {
                    if let Some(at) = before {
                        self.sizes.unobserve(&self.watched.swap_remove(at).1);
                    }
                    if let Some(now) = now {
                        self.sizes.observe(&now);
                        self.watched.push((pane, now));
                    }
                }
            }
        }
    }
    /// Opens the menu of what is selected, beside it.
    fn open_menu(&mut self, pane: Option<Pane>) {
        let Some(pane) = pane else { return };
        let Some(element) = self.node(pane).cast::<HtmlElement>() else { return };
        let selected = element.query_selector(".selected, .lit").ok().flatten();
        let place = selected.unwrap_or(element.clone().into()).get_bounding_client_rect();
        self.before = Some(element);
        let place = Place { of: State::menu_of(pane), x: place.left() as i32 + 40, y: place.bottom() as i32 };
        self.state.reduce(Action::Menu(Some(place)));
    }
    fn perform(&mut self, ctx: &Context<Self>, effect: Effect) {
        match effect {
            Effect::Ask(number, ask) => {
                let file = if let Ask::Open { .. } = ask { self.file.take() } else { None };
                match &ask {
                    Ask::Open { name } => {
                        self.reports.open(crate::views::Ask::Open { name: name.clone() }, file.clone());
                    }
                    Ask::Paste { text } => {
                        self.reports.open(crate::views::Ask::Paste { text: text.clone() }, None);
                    }
                    _ => {}
                }
                channel::ask(&ctx.props().worker, number, &ask, file.as_ref());
            }
            Effect::View(doing) => {
                if self.reports.perform(doing) {
                    let (start, link) = (ctx.props().start.clone(), ctx.link().clone());
                    yew::platform::spawn_local(async move {
                        link.send_message(Msg::Reports(views::start(start).await));
                    });
                }
            }
            Effect::Choose => {
                if let Some(picker) = self.picker.cast::<HtmlInputElement>() {
                    picker.click();
                }
            }
            Effect::Fetch(file) => {
                let link = ctx.link().clone();
                yew::platform::spawn_local(async move {
                    link.send_message(match browser::fetch(file).await {
                        Ok((blob, name)) => Msg::File(blob, name, true),
                        Err(sentence) => Msg::Do(Action::Failed(sentence)),
                    });
                });
            }
            Effect::FetchMeanings => {
                let (load, dispatch) = (ctx.props().load.clone(), self.dispatch.clone());
                yew::platform::spawn_local(async move {
                    dispatch.emit(Action::Meanings(browser::load(&load, "fields").await));
                });
            }
            Effect::Copy(text, what) => {
                let dispatch = self.dispatch.clone();
                yew::platform::spawn_local(async move {
                    let copied = browser::copy(text).await;
                    dispatch.emit(Action::Copied(copied.then_some(what)));
                });
            }
            Effect::CopyLink(fragment) => {
                let address = browser::window().location().href().unwrap_or_default();
                let page = address.split('#').next().unwrap_or_default();
                self.perform(ctx, Effect::Copy(format!("{page}#{fragment}"), "Link"));
            }
            Effect::Address(fragment) => {
                self.address = (fragment, self.address.1.wrapping_add(1));
                let (link, count) = (ctx.link().clone(), self.address.1);
                browser::later(HOLD, move || link.send_message(Msg::Address(count)));
            }
            Effect::Store(text) => browser::store(browser::SETTINGS, &text),
            Effect::Keep(text) => browser::store(browser::KEPT, &text),
            Effect::Save { bytes, name } => {
                let piece = js_sys::Array::of1(&js_sys::Uint8Array::from(&*bytes));
                if let Ok(piece) = Blob::new_with_u8_array_sequence(&piece) {
                    self.pieces.push(&piece);
                }
                if let Some(name) = name {
                    browser::save(&std::mem::take(&mut self.pieces), &name);
                }
            }
            Effect::Unsave => self.pieces = js_sys::Array::new(),
            effect => self.after.push(effect),
        }
    }
    fn panes(&self) -> Html {
        let (state, dispatch) = (&self.state, &self.dispatch);
        let settings = &state.settings;
        let window = state.list.window();
        let rows = window
            .map(|place| (place, state.number_at(place), state.rows.row(place + 1).cloned()))
            .collect::<Vec<_>>();
        let style = format!("--list:{}%;--tree:{}%", settings.list, settings.tree);
        let busy = matches!(state.phase, Phase::Fetching | Phase::Loading)
            || state.filter.at.is_some()
            || state.filter.waiting.is_some();
        html! {
            <div class={classes!("panes", settings.explain.then_some("with-explain"))} {style} aria-busy={busy.to_string()}>
                <PacketList node={self.list.clone()} list={state.list} {rows} selected={state.selected} marks={state.marks.clone()}
                    paints={self.paints.paints.clone()} packets={state.packets} columns={settings.columns} widths={state.widths}
                    further={state.kept.clone()} more_widths={state.more_widths.clone()} related={state.related.clone()} narrow={state.narrow} name={state.name.clone()} dispatch={dispatch.clone()} />
                <Splitter split={Split::List} at={settings.list} label="Height of the packet list" across=true dispatch={dispatch.clone()} />
                <div class="packet">
                    if let Some(shown) = &state.packet {
                        <Tree node={self.tree.clone()} view={state.tree} shown={shown.clone()} lines={state.lines.clone()} open={state.open.clone()}
                            line={state.line} dispatch={dispatch.clone()} />
                        <Splitter split={Split::Tree} at={settings.tree} label="Width of the tree" across={false} dispatch={dispatch.clone()} />
                        <div class="side">
                            <div class="dump">
                                <Bytes node={self.bytes.clone()} view={state.bytes} shown={shown.clone()} source={state.source} layout={state.layout()}
                                    lights={state.lights()} dispatch={dispatch.clone()} />
                            </div>
                            if settings.explain { <Explain line={state.selected_line().cloned()} meanings={state.meanings.clone()} dispatch={dispatch.clone()} /> }
                        </div>
                    }
                </div>
            </div>
        }
    }
    fn loading(&self) -> Html {
        let state = &self.state;
        let share =
            if state.size > 0 { (state.read as f64 / state.size as f64).clamp(0.0, 1.0) } else { 0.0 };
        let words = match state.phase {
            Phase::Fetching => format!("Fetching {} …", state.name),
            Phase::Loading => format!(
                "Reading {}: {} packets, {} of {}",
                state.name,
                grouped(state.packets),
                size(state.read),
                size(state.size)
            ),
            _ => return Html::default(),
        };
        let value = (state.phase == Phase::Loading).then(|| format!("{share:.3}"));
        html! {
            <div class="loading">
                <progress max="1" {value} aria-label="Reading the capture" />
                <span>{ words }</span>
                <button type="button" onclick={self.dispatch.reform(|_| Action::Cancel)}>{ "Cancel" }</button>
            </div>
        }
    }
    fn exporting(&self) -> Html {
        let Some(packets) = self.state.exporting else { return Html::default() };
        html! {
            <div class="loading">
                <progress max={self.state.count().to_string()} value={packets.to_string()} aria-label="Exporting" />
                <span>{ format!("Exporting: {} packets", grouped(packets)) }</span>
                <button type="button" onclick={self.dispatch.reform(|_| Action::Cancel)}>{ "Cancel" }</button>
            </div>
        }
    }
    fn notice(&self) -> Html {
        let Some(sentence) = &self.state.notice else { return Html::default() };
        html! {
            <div class="notice" role="alert">
                { icon(Icon::Warning) }
                <p>{ sentence.clone() }</p>
                <button type="button" class="quiet" onclick={self.dispatch.reform(|_| Action::Dismiss)} aria-label="Close the message">{ icon(Icon::Close) }</button>
            </div>
        }
    }
    fn dialog(&self) -> Html {
        let (state, dispatch) = (&self.state, self.dispatch.clone());
        match state.dialog {
            None => Html::default(),
            Some(Dialog::GoTo) => {
                html! { <GoTo packets={state.packets} said={state.said.clone()} {dispatch} /> }
            }
            Some(Dialog::Paste) => html! { <Paste {dispatch} /> },
            Some(Dialog::Help) => html! { <Help {dispatch} /> },
            Some(Dialog::Comments) => {
                let comments =
                    state.packet.as_ref().map(|shown| shown.packet.comments.clone()).unwrap_or_default();
                html! { <Comments number={state.selected} {comments} {dispatch} /> }
            }
            Some(Dialog::Rules) => {
                html! { <Rules rules={state.kept.rules.clone()} faults={state.rule_faults.clone()} {dispatch} /> }
            }
            Some(Dialog::Capture) => {
                html! { <About facts={state.facts()} capture={state.capture.clone()} {dispatch} /> }
            }
        }
    }
}
