/* Keep what the board knows: cards and counts. A change that arrives late or twice has no effect. */

export class Store {
    constructor() {
        this.clear();
    }

    clear() {
        this.isLoaded = false;
        this.cards = new Map();
        this.counts = new Map();
        this.positions = {};
    }

    /** Replace everything by a snapshot, then apply the changes that arrived since it was requested. */
    load(snapshot, changesSinceRequest) {
        this.isLoaded = true;
        this.positions = snapshot.positions;
        this.cards = new Map(snapshot.cards.map((card) => [card.id, card]));
        this.counts = new Map();
        for (const [kind, statuses] of Object.entries(snapshot.counts)) {
            for (const [status, count] of Object.entries(statuses)) this.counts.set(`${kind} ${status}`, count);
        }
        for (const change of changesSinceRequest) this.apply(change);
    }

    /** Apply one change from the feed. */
    apply(change) {
        if (change.seq > (this.positions[change.territory_id] ?? 0)) {
            this.positions[change.territory_id] = change.seq;
            this.addToCount(change.order_kind, change.previous_status, -1);
            this.addToCount(change.order_kind, change.status, +1);
        }
        const card = this.cards.get(change.order_id);
        if (card && !includesChange(card, change)) {
            card.status = change.status;
            card.since = change.timestamp;
            card.mark = { territory: change.territory_id, seq: change.seq };
        }
    }

    /** Store a card that was fetched separately. Return false if a newer one is known. */
    update(card) {
        const known = this.cards.get(card.id);
        if (known && Date.parse(known.since) > Date.parse(card.since) && !isNewer(card, known)) return false;
        this.cards.set(card.id, card);
        return true;
    }

    addToCount(kind, status, difference) {
        if (status === null) return;
        const key = `${kind} ${status}`;
        this.counts.set(key, Math.max(0, (this.counts.get(key) ?? 0) + difference));
    }

    /** Return how many orders of these kinds are in these statuses. */
    count(statuses, kinds) {
        let total = 0;
        for (const status of statuses) for (const kind of kinds) total += this.counts.get(`${kind} ${status}`) ?? 0;
        return total;
    }
}

function includesChange(card, change) {
    if (card.mark?.territory === change.territory_id) return change.seq <= card.mark.seq;
    return Date.parse(change.timestamp) < Date.parse(card.since); // the order has moved to another territory
}

function isNewer(card, known) {
    return card.mark && card.mark.territory === known.mark?.territory && card.mark.seq >= known.mark.seq;
}
