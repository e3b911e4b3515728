/* The columns: whatever the ledger knows is brought to the page, and what changed place glides there. */

const FRESH = 6_000; // milliseconds for which a card that moved stands out

export class Columns {
    constructor(root, ledger, { cards, byUrgency, byTime, glide, perColumn }) {
        this.ledger = ledger;
        this.cards = cards;
        this.order = (phase) => (phase.name === "ended" ? byTime : byUrgency);
        this.glide = glide;
        this.perColumn = perColumn;
        this.nodes = new Map();
        this.phases = [...root.querySelectorAll("section.column")].map((section) => ({
            name: section.dataset.column,
            section,
            states: section.dataset.states.split(" "),
            list: section.querySelector(".cards"),
            count: section.querySelector(".count"),
            more: section.querySelector(".more"),
            title: section.querySelector("[data-title]"),
            button: root.querySelector(`[data-show="${section.dataset.column}"]`),
        }));
        this.byState = new Map(this.phases.flatMap((phase) => phase.states.map((state) => [state, phase])));
        setInterval(() => this.tick(), 1000);
    }

    phaseOf(status) {
        return this.byState.get(status);
    }

    /* Bring the page up to date. `moved` are the ids of orders whose change should catch the eye. */
    render(filter, moved = new Set()) {
        const focused = document.activeElement?.closest?.("[data-order]");
        const desired = this.desired(filter);
        this.glide([...this.nodes.values()], moved.size > 0, () => {
            for (const phase of this.phases) this.place(phase, desired.get(phase), filter);
            this.forget(desired);
            for (const phase of this.phases) keepOneTabStop(phase.list);
        });
        for (const id of moved) this.freshen(this.nodes.get(id));
        this.keepFocus(focused);
    }

    /* Columns that the chosen kinds go through, in the words for them. */
    name(kinds) {
        const onlyServices = kinds.every((kind) => kind === "SERVICE");
        const noServices = !kinds.includes("SERVICE");
        for (const { section, title, button } of this.phases) {
            const { ordersStates, servicesStates } = section.dataset;
            const isUnused = (onlyServices && !servicesStates) || (noServices && !ordersStates);
            for (const element of [section, button]) element.classList.toggle("unused", isUnused);
            title.textContent = button.querySelector("span").textContent =
                title.dataset[onlyServices ? "serviceTitle" : "title"];
        }
    }

    desired(filter) {
        const columns = new Map(this.phases.map((phase) => [phase, []]));
        const today = this.cards.clock.today();
        for (const card of this.ledger.cards.values()) {
            const phase = this.byState.get(card.status);
            const isOver = phase?.name === "ended" && this.cards.clock.dayOf(card.since) !== today;
            if (phase && !isOver && filter.kinds.includes(card.kind)) columns.get(phase).push(card);
        }
        for (const [phase, cards] of columns)
            columns.set(phase, cards.sort(this.order(phase)).slice(0, this.perColumn));
        return columns;
    }

    place(phase, cards, filter) {
        let next = phase.list.firstElementChild;
        for (const card of cards) {
            const node = this.cards.draw(this.nodes.get(card.id), card, phase);
            this.nodes.set(card.id, node);
            if (node === next) next = next.nextElementSibling;
            else phase.list.insertBefore(node, next);
        }
        const total = Math.max(cards.length, this.ledger.total(phase.states, filter.kinds));
        phase.count.textContent = phase.button.querySelector("b").textContent = total;
        phase.section.classList.toggle("is-empty", cards.length === 0 && this.ledger.isLoaded);
        this.offerMore(phase, total - cards.length, filter);
    }

    /* Cards that stand nowhere any more. */
    forget(desired) {
        const shown = new Set([...desired.values()].flat().map((card) => card.id));
        for (const [id, node] of this.nodes) {
            if (!shown.has(id)) {
                node.remove();
                this.nodes.delete(id);
            }
        }
    }

    offerMore(phase, hidden, filter) {
        phase.more.hidden = hidden <= 0;
        if (hidden <= 0) return;
        const links = filter.lists(phase.section.dataset).map(([text, address]) => {
            const link = document.createElement("a");
            link.href = address;
            link.textContent = text;
            return link;
        });
        phase.more.replaceChildren(
            `and ${hidden} more: `,
            ...links.flatMap((link, index) => (index ? [", ", link] : [link])),
        );
    }

    freshen(node) {
        if (!node) return;
        node.classList.add("fresh");
        clearTimeout(node.fresh);
        node.fresh = setTimeout(() => node.classList.remove("fresh"), FRESH);
    }

    keepFocus(node) {
        if (!node || node.contains(document.activeElement)) return;
        if (node.isConnected) node.firstElementChild.focus({ preventScroll: true });
    }

    tick() {
        for (const node of this.nodes.values()) this.cards.tick(node);
    }
}

function keepOneTabStop(list) {
    const stops = [...list.querySelectorAll('a[tabindex="0"]')];
    const kept = stops.find((link) => link === document.activeElement) ?? stops[0] ?? list.querySelector("a");
    for (const link of stops) if (link !== kept) link.tabIndex = -1;
    if (kept) kept.tabIndex = 0;
}
