/* Render one order as a card. Everything is set as text, never as HTML. */

const HOUR = 3_600_000; // milliseconds
const LATE_AFTER = { new: 24 * HOUR, review: 48 * HOUR };
const PRIORITIES = { emergency: ["bad", "Emergency"], urgent: ["waiting", "Urgent"] };

export class CardRenderer {
    constructor(template, config, clock) {
        this.template = template;
        this.config = config;
        this.clock = clock;
        this.territoryNames = new Map();
        this.showsTerritory = false;
    }

    /** Return the address of the order's page in the back office. */
    url(kind, id) {
        return this.config.pages[kind].replace(this.config.placeholderId, id);
    }

    /** Render a card into `element`, or into a new one, and return it. Unchanged cards are not touched. */
    render(element, card, phase) {
        const node = element ?? this.template.content.firstElementChild.cloneNode(true);
        const content = JSON.stringify([card, phase.name, this.showsTerritory, this.clock.today()]);
        if (node.content !== content) {
            node.content = content;
            this.fill(node, card, phase);
        }
        this.updateAge(node);
        return node;
    }

    fill(node, card, phase) {
        const part = (name) => node.querySelector(`.${name}`);
        node.dataset.order = card.id;
        node.dataset.kind = card.kind;
        node.dataset.since = card.since;
        node.dataset.lateAfter = LATE_AFTER[phase.name] ?? Infinity;
        node.firstElementChild.href = this.url(card.kind, card.id);
        part("kind").textContent = card.kind.toLowerCase();
        part("id").textContent = `#${card.id.slice(0, 8)}`;
        part("what").textContent = card.what;
        part("who").textContent = card.who;
        part("age").dateTime = card.since;
        part("age").title = this.clock.full.format(Date.parse(card.since));
        part("when").textContent = this.datesAndTerritory(card);
        part("flags").replaceChildren(...this.flags(card, phase).map(createBadge));
    }

    datesAndTerritory(card) {
        const dates = card.start && this.clock.formatDateRange(card.start, card.end);
        const territory = this.showsTerritory ? this.territoryNames.get(card.territory) : "";
        return [dates, territory].filter(Boolean).join(" · ");
    }

    flags(card, phase) {
        const flags = [];
        if (PRIORITIES[card.priority]) flags.push(PRIORITIES[card.priority]);
        if (phase.name === "ended") {
            const { label, tone } = this.config.statuses[card.status];
            flags.push([tone, label]);
        }
        const due = this.dueFlag(card, phase.name);
        return due ? [...flags, due] : flags;
    }

    /** Return a flag for a device that should be out, or back, by its dates; null if it is on time. */
    dueFlag(card, phase) {
        if (!card.start) return null;
        const today = this.clock.today();
        if (phase === "active") return flagByDate(card.end, today, "Return overdue", "Back today");
        if (["accepted", "pickup"].includes(phase))
            return flagByDate(card.start, today, "Start overdue", "Starts today");
        return null;
    }

    updateAge(node) {
        const age = node.querySelector(".age");
        const text = this.clock.formatAge(node.dataset.since);
        if (age.textContent !== text) age.textContent = text;
        const isLate = this.clock.now() - Date.parse(node.dataset.since) > Number(node.dataset.lateAfter);
        if (isLate !== age.classList.contains("late")) age.classList.toggle("late", isLate);
    }
}

function flagByDate(date, today, overdue, dueToday) {
    if (date < today) return ["bad", overdue];
    return date === today ? ["waiting", dueToday] : null;
}

function createBadge([tone, text]) {
    const badge = document.createElement("span");
    badge.className = "badge";
    badge.dataset.tone = tone;
    badge.textContent = text;
    return badge;
}

/** Compare two cards: the one that reached its status last comes first. */
export function byTime(one, other) {
    return Date.parse(other.since) - Date.parse(one.since) || (one.id < other.id ? 1 : -1);
}

/** Compare two cards: by priority, then by time. */
export function byUrgency(one, other) {
    const rank = (card) => ["emergency", "urgent"].indexOf(card.priority) + 1 || 3;
    return rank(one) - rank(other) || byTime(one, other);
}
