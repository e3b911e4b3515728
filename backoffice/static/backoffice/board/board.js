/* The board: the feed says what happens, the ledger keeps what is known, the page shows it. */

import { byTime, byUrgency, Cards, Clock } from "./card.js";
import { Columns } from "./columns.js";
import { Connection } from "./connection.js";
import { Feed } from "./feed.js";
import { Filters } from "./filters.js";
import { Keys } from "./keys.js";
import { Ledger } from "./ledger.js";
import { glide } from "./motion.js";
import { Snapshots } from "./snapshots.js";
import { Sound } from "./sound.js";
import { Stream } from "./stream.js";

const root = document.getElementById("board");
const words = JSON.parse(document.getElementById("board-words").textContent);
const byId = (id) => document.getElementById(id);

const REFRESH = 5 * 60_000; // milliseconds: what no feed tells, such as orders outside of all territories
const MANY = 100; // changes at once, after which the whole board is fetched instead of some cards
const QUIET = 8_000; // between two sentences to those who listen

const clock = new Clock(words.timeZone);
const ledger = new Ledger();
const cards = new Cards(byId("card-template"), words, clock);
const columns = new Columns(root, ledger, { cards, byTime, byUrgency, glide, perColumn: words.cardsPerColumn });
const stream = new Stream(byId("stream").querySelector("ol"), byId("line-template"), {
    clock,
    words,
    page: (...of) => cards.page(...of),
});
const sound = new Sound(byId("sound"));
const connection = new Connection(byId("connection"), clock, root.dataset.login);
const filters = new Filters(byId("filters"), words, () => begin());
const feed = new Feed(`${location.origin.replace(/^http/, "ws")}${root.dataset.sockets}`, {
    change: hear,
    begins: () => refresh(100),
    refused: () => refresh(5_000),
    state: showState,
});
const snapshots = new Snapshots(
    root.dataset.orders,
    { asked, board, some, signedOut: signOut, refused },
    words.idsAtOnce,
);
let heardSince = []; // changes heard while a snapshot is on its way
const waiting = []; // changes to be shown together
let unsaid = [];
let day = clock.today();

new Keys(root, { filters: filters.form, sound, dialog: byId("keys"), show });
byId("show-keys").addEventListener("click", () => byId("keys").showModal());
byId("switcher").addEventListener("click", (event) => show(event.target.closest("button")?.dataset.show));
setInterval(() => refresh(0), REFRESH);
setInterval(lookAtCalendar, 20_000);
begin();

/* Watch what the filters ask for, from the start. */
function begin() {
    ledger.clear();
    stream.clear();
    root.classList.add("loading");
    cards.showsTerritory = !filters.territory;
    columns.name(filters.kinds);
    columns.render(filters);
    feed.watch(filters.watched(Number(root.dataset.mostTerritories)));
    const { live, total } = feed.state;
    refresh(live === total ? 0 : 1_500); // at the latest: sooner when the feed begins
}

function refresh(delay) {
    snapshots.wantBoard(filters.query, delay);
}

function asked() {
    heardSince = [];
}

function board(snapshot) {
    clock.set(snapshot.now);
    filters.dayBegan = snapshot.dayBegan;
    cards.territories = new Map(snapshot.territories.map(({ id, name }) => [id, name]));
    filters.offer(snapshot.territories);
    showNotices(snapshot);
    feed.watch(snapshot.watching);
    ledger.replace(snapshot, heardSince);
    root.classList.remove("loading");
    for (const change of [...snapshot.changes].reverse()) stream.add(change);
    fetchUnknown(heardSince);
    draw();
}

function hear(change) {
    if (!filters.kinds.includes(change.order_kind)) return;
    heardSince.push(change);
    waiting.push(change);
    if (waiting.length === 1) setTimeout(showWaiting, 40);
}

/* What came together is shown together. */
function showWaiting() {
    const changes = waiting.splice(0);
    const fresh = changes.filter((change) => stream.add({ ...change, by: undefined }));
    if (ledger.isLoaded) {
        for (const change of changes) ledger.apply(change);
        draw(new Set(changes.map((change) => change.order_id)));
        fetchUnknown(changes);
    }
    if (fresh.length) sound.play(fresh.some((change) => change.previous_status === null));
    say(fresh);
}

/* Cards that nobody here has seen, and who it was. */
function fetchUnknown(changes) {
    const returns = changes.some((change) => columns.phaseOf(change.previous_status)?.name === "ended");
    if (snapshots.wanted.size + changes.length > MANY || returns) {
        snapshots.wanted.clear();
        refresh(300);
    } else snapshots.wantSome(changes.map((change) => change.order_id));
}

function some({ cards: learnt, changes }) {
    const moved = new Set(learnt.filter((card) => ledger.learn(card)).map((card) => card.id));
    for (const change of changes) if (stream.knows(change)) stream.add(change);
    draw(moved);
}

function draw(moved) {
    columns.render(filters, moved);
    byId("stream").classList.toggle("is-empty", ledger.isLoaded && !stream.lines.size);
    const [{ states }] = columns.phases;
    document.title = ledger.isLoaded ? `${ledger.total(states, filters.kinds)} new · Live board` : "Live board";
}

function showNotices({ territories, watching, outside }) {
    const notices = filters.notices({ territories, watching, outside });
    byId("notices").replaceChildren(...notices);
    byId("notices").hidden = !notices.length;
}

/* Rights have changed: of what was chosen, or of the board as a whole. */
function refused() {
    if (filters.forget()) return begin();
    snapshots.stop();
    feed.watch([]);
    ledger.clear();
    draw();
}

function signOut() {
    feed.signOut();
}

function showState() {
    const before = connection.name;
    connection.set(feed.state);
    if (feed.isSignedOut) snapshots.stop();
    if (before && before !== connection.name) unsaid.push(connection.word.textContent);
}

function lookAtCalendar() {
    if (clock.today() !== day) refresh(0);
    day = clock.today();
}

/* Politely: one sentence for whatever happened in some seconds. */
function say(changes) {
    unsaid.push(
        ...changes.map(
            ({ order_kind: kind, order_id: id, status }) =>
                `${kind.toLowerCase()} #${id.slice(0, 8)}: ${words.states[status].word}`,
        ),
    );
}
setInterval(() => {
    if (!unsaid.length) return;
    const [last] = unsaid.slice(-1);
    byId("says").textContent = unsaid.length > 1 ? `${unsaid.length} changes, last: ${last}` : last;
    unsaid = [];
}, QUIET);

/* On a phone one column is in sight. */
function show(name) {
    if (!name) return;
    for (const column of root.querySelectorAll(".column"))
        column.classList.toggle("shown", column.dataset.column === name);
    for (const button of byId("switcher").children) button.setAttribute("aria-pressed", button.dataset.show === name);
}
