/* List the latest changes, newest first. Each is listed once, whether the feed or a snapshot brought it. */

const MAX_LINES = 80;

export class Activity {
    constructor(list, template, { clock, config, orderUrl }) {
        this.list = list;
        this.template = template;
        this.clock = clock;
        this.config = config;
        this.orderUrl = orderUrl;
        this.lines = new Map();
    }

    clear() {
        this.lines.clear();
        this.list.replaceChildren();
    }

    /** List a change, or add to a listed one who made it. Return true if it was not listed before. */
    add(change) {
        const key = keyOf(change);
        const listed = this.lines.get(key);
        if (listed) {
            showAuthor(listed, change.by);
            return false;
        }
        const line = this.createLine(change);
        const next = [...this.list.children].find((other) => isOlder(other, line));
        if (!next && this.lines.size >= MAX_LINES) return false;
        this.list.insertBefore(line, next ?? null);
        this.lines.set(key, line);
        this.removeOldest();
        return true;
    }

    createLine(change) {
        const line = this.template.content.firstElementChild.cloneNode(true);
        const { label, tone } = this.config.statuses[change.status] ?? { label: change.status, tone: "quiet" };
        const part = (name) => line.querySelector(name);
        line.timestamp = Date.parse(change.timestamp);
        line.seq = change.seq;
        line.key = keyOf(change);
        line.dataset.kind = change.order_kind;
        part("time").dateTime = change.timestamp;
        part("time").textContent = this.clock.time.format(line.timestamp);
        part("time").title = this.clock.full.format(line.timestamp);
        part(".kind").textContent = change.order_kind.toLowerCase();
        part("a").textContent = `#${change.order_id.slice(0, 8)}`;
        part("a").href = this.orderUrl(change.order_kind, change.order_id);
        part(".badge").textContent = label;
        part(".badge").dataset.tone = tone;
        showAuthor(line, change.by);
        return line;
    }

    removeOldest() {
        while (this.list.children.length > MAX_LINES) {
            this.lines.delete(this.list.lastElementChild.key);
            this.list.lastElementChild.remove();
        }
    }

    has(change) {
        return this.lines.has(keyOf(change));
    }
}

function keyOf(change) {
    return `${change.territory_id} ${change.seq}`;
}

/** Show who made a change. The feed leaves `by` undefined; it is empty for changes by the system. */
function showAuthor(line, by) {
    if (by === undefined || line.hasAuthor) return;
    line.hasAuthor = true;
    line.querySelector(".by").textContent = by ? `by ${by}` : "by system";
}

function isOlder(other, line) {
    return other.timestamp < line.timestamp || (other.timestamp === line.timestamp && other.seq < line.seq);
}
