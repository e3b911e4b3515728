/* Render the columns from the store. Cards that change columns are animated. */

import { animateMoves } from "./animation.js";
import { byTime, byUrgency } from "./card.js";

const HIGHLIGHT_DURATION = 6_000; // milliseconds

export class Columns {
    constructor(root, store, cardRenderer, cardsPerColumn) {
        this.store = store;
        this.cardRenderer = cardRenderer;
        this.cardsPerColumn = cardsPerColumn;
        this.nodes = new Map();
        this.phases = [...root.querySelectorAll("section.column")].map((section) => ({
            name: section.dataset.column,
            section,
            statuses: section.dataset.statuses.split(" "),
            list: section.querySelector(".cards"),
            count: section.querySelector(".count"),
            more: section.querySelector(".more"),
            title: section.querySelector("[data-title]"),
            button: root.querySelector(`[data-show="${section.dataset.column}"]`),
        }));
        this.phasesByStatus = new Map(this.phases.flatMap((phase) => phase.statuses.map((status) => [status, phase])));
        setInterval(() => this.updateAges(), 1000);
    }

    phaseOf(status) {
        return this.phasesByStatus.get(status);
    }

    /** Render all columns. The cards of the orders in `changedIds` are animated and highlighted. */
    render(filters, changedIds = new Set()) {
        const focusedCard = document.activeElement?.closest?.("[data-order]");
        const cardsByPhase = this.visibleCards(filters);
        animateMoves([...this.nodes.values()], changedIds.size > 0, () => {
            for (const phase of this.phases) this.renderPhase(phase, cardsByPhase.get(phase), filters);
            this.removeHidden(cardsByPhase);
            for (const phase of this.phases) keepOneTabStop(phase.list);
        });
        for (const id of changedIds) highlight(this.nodes.get(id));
        restoreFocus(focusedCard);
    }

    /** Hide columns that orders of these kinds never enter, and title the others for these kinds. */
    setKinds(kinds) {
        const onlyServices = kinds.every((kind) => kind === "SERVICE");
        const noServices = !kinds.includes("SERVICE");
        for (const { section, title, button } of this.phases) {
            const { ordersStatuses, servicesStatuses } = section.dataset;
            const isUnused = (onlyServices && !servicesStatuses) || (noServices && !ordersStatuses);
            for (const element of [section, button]) element.classList.toggle("unused", isUnused);
            const text = title.dataset[onlyServices ? "serviceTitle" : "title"];
            title.textContent = text;
            button.querySelector("span").textContent = text;
        }
    }

    visibleCards(filters) {
        const cardsByPhase = new Map(this.phases.map((phase) => [phase, []]));
        for (const card of this.store.cards.values()) {
            const phase = this.phaseOf(card.status);
            if (phase && filters.kinds.includes(card.kind) && !this.endedBeforeToday(card, phase)) {
                cardsByPhase.get(phase).push(card);
            }
        }
        for (const [phase, cards] of cardsByPhase) {
            const order = phase.name === "ended" ? byTime : byUrgency;
            cardsByPhase.set(phase, cards.sort(order).slice(0, this.cardsPerColumn));
        }
        return cardsByPhase;
    }

    endedBeforeToday(card, phase) {
        const { clock } = this.cardRenderer;
        return phase.name === "ended" && clock.dayOf(card.since) !== clock.today();
    }

    renderPhase(phase, cards, filters) {
        let next = phase.list.firstElementChild;
        for (const card of cards) {
            const node = this.cardRenderer.render(this.nodes.get(card.id), card, phase);
            this.nodes.set(card.id, node);
            if (node === next) next = next.nextElementSibling;
            else phase.list.insertBefore(node, next);
        }
        const total = Math.max(cards.length, this.store.count(phase.statuses, filters.kinds));
        phase.count.textContent = total;
        phase.button.querySelector("b").textContent = total;
        phase.section.classList.toggle("is-empty", cards.length === 0 && this.store.isLoaded);
        renderMoreLinks(phase, total - cards.length, filters);
    }

    removeHidden(cardsByPhase) {
        const visibleIds = new Set([...cardsByPhase.values()].flat().map((card) => card.id));
        for (const [id, node] of this.nodes) {
            if (!visibleIds.has(id)) {
                node.remove();
                this.nodes.delete(id);
            }
        }
    }

    updateAges() {
        for (const node of this.nodes.values()) this.cardRenderer.updateAge(node);
    }
}

function renderMoreLinks(phase, hiddenCount, filters) {
    phase.more.hidden = hiddenCount <= 0;
    if (hiddenCount <= 0) return;
    const links = filters.changelistLinks(phase.section.dataset).map(([text, address]) => {
        return Object.assign(document.createElement("a"), { href: address, textContent: text });
    });
    const separated = links.flatMap((link, index) => (index ? [", ", link] : [link]));
    phase.more.replaceChildren(`and ${hiddenCount} more: `, ...separated);
}

function highlight(node) {
    if (!node) return;
    node.classList.add("fresh");
    clearTimeout(node.highlightTimer);
    node.highlightTimer = setTimeout(() => node.classList.remove("fresh"), HIGHLIGHT_DURATION);
}

function restoreFocus(card) {
    if (!card || card.contains(document.activeElement)) return;
    if (card.isConnected) card.firstElementChild.focus({ preventScroll: true });
}

function keepOneTabStop(list) {
    const stops = [...list.querySelectorAll('a[tabindex="0"]')];
    const kept = stops.find((link) => link === document.activeElement) ?? stops[0] ?? list.querySelector("a");
    for (const link of stops) if (link !== kept) link.tabIndex = -1;
    if (kept) kept.tabIndex = 0;
}
