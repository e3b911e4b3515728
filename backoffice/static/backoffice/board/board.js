/* The live board: the feed delivers changes, the store keeps cards and counts, the columns render them. */

import { Activity } from "./activity.js";
import { CardRenderer } from "./card.js";
import { Clock } from "./clock.js";
import { Columns } from "./columns.js";
import { ConnectionStatus } from "./connection.js";
import { Feed } from "./feed.js";
import { Filters } from "./filters.js";
import { Keyboard } from "./keyboard.js";
import { Snapshots } from "./snapshots.js";
import { Sound } from "./sound.js";
import { Store } from "./store.js";

const REFRESH_INTERVAL = 5 * 60_000; // milliseconds: for orders outside of all territories, which no feed covers
const DAY_CHECK_INTERVAL = 20_000;
const ANNOUNCE_INTERVAL = 8_000;
const RENDER_DELAY = 40; // changes within it are rendered together
const MAX_MISSING = 100; // orders; for more the whole board is fetched

const byId = (id) => document.getElementById(id);
const root = byId("board");
const config = JSON.parse(byId("board-config").textContent);

const clock = new Clock(config.timeZone);
const store = new Store();
const cardRenderer = new CardRenderer(byId("card-template"), config, clock);
const columns = new Columns(root, store, cardRenderer, config.cardsPerColumn);
const orderUrl = (kind, id) => cardRenderer.url(kind, id);
const activityList = byId("activity").querySelector("ol");
const activity = new Activity(activityList, byId("line-template"), { clock, config, orderUrl });
const sound = new Sound(byId("sound"));
const connection = new ConnectionStatus(byId("connection"), clock, root.dataset.login);
const filters = new Filters(byId("filters"), config, start);
const feed = new Feed(`${location.origin.replace(/^http/, "ws")}${root.dataset.sockets}`, {
    onChange: receive,
    onReset: () => refresh(100),
    onForbidden: () => refresh(5_000),
    onStateChange: showConnection,
});
const snapshotHandlers = { onRequest, onBoard, onCards, onSignedOut, onForbidden };
const snapshots = new Snapshots(root.dataset.orders, snapshotHandlers, config.idsAtOnce);
const pendingChanges = []; // to be rendered
let changesSinceRequest = []; // received since the latest snapshot was requested
let announcements = [];
let today = clock.today();

new Keyboard(root, { filters: filters.form, sound, dialog: byId("keys"), showColumn });
byId("show-keys").addEventListener("click", () => byId("keys").showModal());
byId("switcher").addEventListener("click", (event) => showColumn(event.target.closest("button")?.dataset.show));
setInterval(() => refresh(0), REFRESH_INTERVAL);
setInterval(refreshOnNewDay, DAY_CHECK_INTERVAL);
setInterval(announce, ANNOUNCE_INTERVAL);
start();

/** Clear the board and load what the filters select. */
function start() {
    store.clear();
    activity.clear();
    root.classList.add("loading");
    cardRenderer.showsTerritory = !filters.territory;
    columns.setKinds(filters.kinds);
    columns.render(filters);
    feed.subscribe(filters.watchedTerritories(Number(root.dataset.maxTerritories)));
    const { live, total } = feed.state;
    refresh(live === total ? 0 : 1_500); // sooner if the feed connects before
}

function refresh(delay) {
    snapshots.requestBoard(filters.query, delay);
}

function refreshOnNewDay() {
    if (clock.today() !== today) refresh(0);
    today = clock.today();
}

function onRequest() {
    changesSinceRequest = [];
}

function onBoard(snapshot) {
    clock.set(snapshot.now);
    filters.startOfDay = snapshot.startOfDay;
    cardRenderer.territoryNames = new Map(snapshot.territories.map(({ id, name }) => [id, name]));
    filters.setTerritories(snapshot.territories);
    showNotices(snapshot);
    feed.subscribe(snapshot.watching);
    store.load(snapshot, changesSinceRequest);
    root.classList.remove("loading");
    for (const change of [...snapshot.changes].reverse()) activity.add(change);
    fetchDetails(changesSinceRequest);
    render();
}

function receive(change) {
    if (!filters.kinds.includes(change.order_kind)) return;
    changesSinceRequest.push(change);
    pendingChanges.push(change);
    if (pendingChanges.length === 1) setTimeout(renderPendingChanges, RENDER_DELAY);
}

function renderPendingChanges() {
    const changes = pendingChanges.splice(0);
    const newChanges = changes.filter((change) => activity.add({ ...change, by: undefined }));
    if (store.isLoaded) {
        for (const change of changes) store.apply(change);
        render(new Set(changes.map((change) => change.order_id)));
        fetchDetails(changes);
    }
    if (newChanges.length) sound.play(newChanges.some((change) => change.previous_status === null));
    announcements.push(...newChanges.map(describe));
}

/** Fetch what the feed does not contain: the cards of changed orders, and who made the changes. */
function fetchDetails(changes) {
    const isReopened = changes.some((change) => columns.phaseOf(change.previous_status)?.name === "ended");
    if (snapshots.missingIds.size + changes.length > MAX_MISSING || isReopened) {
        snapshots.missingIds.clear();
        refresh(300);
    } else snapshots.requestCards(changes.map((change) => change.order_id));
}

function onCards({ cards, changes }) {
    const changedIds = new Set(cards.filter((card) => store.update(card)).map((card) => card.id));
    for (const change of changes) if (activity.has(change)) activity.add(change);
    render(changedIds);
}

function render(changedIds) {
    columns.render(filters, changedIds);
    byId("activity").classList.toggle("is-empty", store.isLoaded && !activity.lines.size);
    const [{ statuses }] = columns.phases;
    document.title = store.isLoaded ? `${store.count(statuses, filters.kinds)} new · Live board` : "Live board";
}

function showNotices({ territories, watching, outside }) {
    const notices = filters.notices({ territories, watching, outside });
    byId("notices").replaceChildren(...notices);
    byId("notices").hidden = !notices.length;
}

/** Show what is still allowed: without the filters, or nothing if there were none. */
function onForbidden() {
    if (filters.reset()) return start();
    snapshots.stop();
    feed.subscribe([]);
    store.clear();
    render();
}

function onSignedOut() {
    feed.signOut();
}

function showConnection() {
    const nameBefore = connection.name;
    connection.update(feed.state);
    if (feed.isSignedOut) snapshots.stop();
    if (nameBefore && nameBefore !== connection.name) announcements.push(connection.label.textContent);
}

function describe({ order_kind: kind, order_id: id, status }) {
    return `${kind.toLowerCase()} #${id.slice(0, 8)}: ${config.statuses[status].label}`;
}

/** Announce all changes since the last call to screen readers, in one sentence. */
function announce() {
    if (!announcements.length) return;
    const latest = announcements.at(-1);
    byId("announcer").textContent =
        announcements.length > 1 ? `${announcements.length} changes, last: ${latest}` : latest;
    announcements = [];
}

/** On a phone, where one column is visible, show this one. */
function showColumn(name) {
    if (!name) return;
    for (const column of root.querySelectorAll(".column")) {
        column.classList.toggle("shown", column.dataset.column === name);
    }
    for (const button of byId("switcher").children) button.setAttribute("aria-pressed", button.dataset.show === name);
}
