/* One order as an element, and the words of times and dates. Everything is set as text, never as HTML. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WAITING_LONG = { new: DAY, review: 2 * DAY };
const PRIORITIES = { emergency: ["bad", "Emergency"], urgent: ["waiting", "Urgent"] };

export class Clock {
    constructor(timeZone) {
        this.ahead = 0; // milliseconds by which the server's clock is ahead of ours
        this.time = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
        this.exact = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium" });
        this.full = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "medium", timeStyle: "short" });
        this.day = new Intl.DateTimeFormat("en-CA", { timeZone });
        this.date = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short" });
    }

    set(now) {
        this.ahead = Date.parse(now) - Date.now();
    }

    now() {
        return Date.now() + this.ahead;
    }

    today() {
        return this.day.format(this.now());
    }

    dayOf(instant) {
        return this.day.format(Date.parse(instant));
    }

    since(instant) {
        const passed = Math.max(0, this.now() - Date.parse(instant));
        if (passed < MINUTE) return `${Math.floor(passed / 1000)} s`;
        if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min`;
        if (passed < DAY)
            return `${Math.floor(passed / HOUR)} h ${String(Math.floor((passed % HOUR) / MINUTE)).padStart(2, "0")}`;
        const days = Math.floor(passed / DAY);
        return `${days} day${days > 1 ? "s" : ""}`;
    }

    days(start, end) {
        return this.date.formatRange(Date.parse(start), Date.parse(end));
    }
}

export class Cards {
    constructor(template, words, clock) {
        this.template = template;
        this.words = words;
        this.clock = clock;
        this.territories = new Map();
        this.showsTerritory = false;
    }

    page(kind, id) {
        return this.words.pages[kind].replace(this.words.noId, id);
    }

    draw(element, card, phase) {
        const node = element ?? this.template.content.firstElementChild.cloneNode(true);
        const said = JSON.stringify([card, phase.name, this.showsTerritory, this.clock.today()]);
        if (node.said !== said) {
            node.said = said;
            this.fill(node, card, phase);
        }
        this.tick(node);
        return node;
    }

    fill(node, card, phase) {
        const part = (name) => node.querySelector(`.${name}`);
        node.dataset.order = card.id;
        node.dataset.kind = card.kind;
        node.dataset.since = card.since;
        node.dataset.patience = WAITING_LONG[phase.name] ?? Infinity;
        node.firstElementChild.href = this.page(card.kind, card.id);
        part("kind").textContent = card.kind.toLowerCase();
        part("id").textContent = `#${card.id.slice(0, 8)}`;
        part("what").textContent = card.what;
        part("who").textContent = card.who;
        part("age").dateTime = card.since;
        part("age").title = this.clock.full.format(Date.parse(card.since));
        const place = this.showsTerritory ? this.territories.get(card.territory) : "";
        part("when").textContent = [card.start && this.clock.days(card.start, card.end), place]
            .filter(Boolean)
            .join(" · ");
        part("flags").replaceChildren(...this.flags(card, phase).map(badge));
    }

    flags(card, phase) {
        const flags = [];
        if (PRIORITIES[card.priority]) flags.push(PRIORITIES[card.priority]);
        if (phase.name === "ended") {
            const { word, tone } = this.words.states[card.status];
            flags.push([tone, word]);
        }
        const due = this.due(card, phase.name);
        return due ? [...flags, due] : flags;
    }

    /* What the calendar says: machines that should be out, or back. */
    due(card, phase) {
        const today = this.clock.today();
        if (!card.start) return null;
        if (phase === "active")
            return card.end < today ? ["bad", "Return overdue"] : card.end === today ? ["waiting", "Back today"] : null;
        if (!["accepted", "pickup"].includes(phase)) return null;
        return card.start < today
            ? ["bad", "Start overdue"]
            : card.start === today
              ? ["waiting", "Starts today"]
              : null;
    }

    tick(node) {
        const age = node.querySelector(".age");
        const text = this.clock.since(node.dataset.since);
        if (age.textContent !== text) age.textContent = text;
        const isLate = this.clock.now() - Date.parse(node.dataset.since) > Number(node.dataset.patience);
        if (isLate !== age.classList.contains("late")) age.classList.toggle("late", isLate);
    }
}

export function badge([tone, text]) {
    const label = document.createElement("span");
    label.className = "badge";
    label.dataset.tone = tone;
    label.textContent = text;
    return label;
}

/* What came to its state last is first. */
export function byTime(one, other) {
    return Date.parse(other.since) - Date.parse(one.since) || (one.id < other.id ? 1 : -1);
}

/* The most urgent before it. */
export function byUrgency(one, other) {
    const rank = (card) => ["emergency", "urgent"].indexOf(card.priority) + 1 || 3;
    return rank(one) - rank(other) || byTime(one, other);
}
