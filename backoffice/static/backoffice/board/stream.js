/* What happened last, newest first: each change once, whichever way it came. */

const MOST_LINES = 80;

export class Stream {
    constructor(list, template, { clock, words, page }) {
        this.list = list;
        this.template = template;
        this.clock = clock;
        this.words = words;
        this.page = page;
        this.lines = new Map();
    }

    clear() {
        this.lines.clear();
        this.list.replaceChildren();
    }

    /* Add a change, or say of a known one who it was; answers whether it is new here. */
    add(change) {
        const key = `${change.territory_id} ${change.seq}`;
        const known = this.lines.get(key);
        if (known) {
            sayWho(known, change.by);
            return false;
        }
        const line = this.draw(change);
        const next = [...this.list.children].find((other) => isOlder(other, line));
        if (!next && this.lines.size >= MOST_LINES) return false;
        this.list.insertBefore(line, next ?? null);
        this.lines.set(key, line);
        this.trim();
        return true;
    }

    draw(change) {
        const line = this.template.content.firstElementChild.cloneNode(true);
        const { word, tone } = this.words.states[change.status] ?? { word: change.status, tone: "quiet" };
        const part = (name) => line.querySelector(name);
        line.at = Date.parse(change.timestamp);
        line.seq = change.seq;
        line.key = `${change.territory_id} ${change.seq}`;
        line.dataset.kind = change.order_kind;
        part("time").dateTime = change.timestamp;
        part("time").textContent = this.clock.time.format(line.at);
        part("time").title = this.clock.full.format(line.at);
        part(".kind").textContent = change.order_kind.toLowerCase();
        part("a").textContent = `#${change.order_id.slice(0, 8)}`;
        part("a").href = this.page(change.order_kind, change.order_id);
        part(".badge").textContent = word;
        part(".badge").dataset.tone = tone;
        sayWho(line, change.by);
        return line;
    }

    trim() {
        while (this.list.children.length > MOST_LINES) {
            this.lines.delete(this.list.lastElementChild.key);
            this.list.lastElementChild.remove();
        }
    }

    knows(change) {
        return this.lines.has(`${change.territory_id} ${change.seq}`);
    }
}

function sayWho(line, by) {
    if (by === undefined || line.isSigned) return;
    line.isSigned = true;
    line.querySelector(".by").textContent = by ? `by ${by}` : "by itself";
}

function isOlder(other, line) {
    return other.at < line.at || (other.at === line.at && other.seq < line.seq);
}
