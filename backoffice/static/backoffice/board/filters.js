/* What to show, kept in the address of the page: it can be shared, and survives a reload. */

const EQUIPMENT = ["LEASE", "RENT"];

export class Filters {
    constructor(form, words, changed) {
        this.form = form;
        this.words = words;
        this.allKinds = options(form.elements.kind);
        const asked = new URLSearchParams(location.search);
        this.dayBegan = "";
        this.strange = null; // a territory that the address names and nobody here may watch
        for (const name of ["territory", "kind"]) this.take(name, asked.get(name) ?? "");
        form.addEventListener("change", () => {
            this.strange = null;
            this.remember();
            changed();
        });
        form.addEventListener("submit", (event) => event.preventDefault());
    }

    take(name, value) {
        const select = this.form.elements[name];
        if (options(select).includes(value)) select.value = value;
        else if (name === "territory") this.strange = value || null;
    }

    get territory() {
        return this.form.elements.territory.value;
    }

    get kinds() {
        const kind = this.form.elements.kind.value;
        return kind ? [kind] : this.allKinds;
    }

    get query() {
        const query = new URLSearchParams();
        if (this.territory) query.set("territory", this.territory);
        if (this.form.elements.kind.value) query.set("kind", this.form.elements.kind.value);
        return query.toString();
    }

    remember() {
        history.replaceState(null, "", this.query ? `?${this.query}` : location.pathname);
    }

    /* The territories to watch as far as the page knows; the server has the last word. */
    watched(most) {
        return this.territory ? [this.territory] : options(this.form.elements.territory).slice(0, most);
    }

    /* Show everything again; answers whether that is more than before. */
    forget() {
        const before = this.query;
        this.strange = this.territory || this.strange;
        this.form.elements.territory.value = this.form.elements.kind.value = "";
        this.remember();
        return before !== "";
    }

    /* The territories of now: some may be new, some no longer ours. */
    offer(territories) {
        const select = this.form.elements.territory;
        const names = territories.map(({ id }) => id);
        if (names.join() === options(select).join()) return;
        const chosen = select.value;
        select.replaceChildren(select.options[0], ...territories.map(({ id, name }) => new Option(name, id)));
        select.value = names.includes(chosen) ? chosen : "";
    }

    /* The lists of the back office with what a column holds. */
    lists({ ordersStates, servicesStates, column }) {
        const lists = [];
        const equipment = this.kinds.filter((kind) => EQUIPMENT.includes(kind));
        const endedToday = column === "ended" ? { updated_at__gte: this.dayBegan } : {};
        if (ordersStates && equipment.length) {
            const kind = equipment.length === 1 ? { kind__exact: equipment[0] } : {};
            lists.push(["orders", this.list("orders", ordersStates, { ...kind, ...endedToday })]);
        }
        if (servicesStates && this.kinds.includes("SERVICE"))
            lists.push(["service orders", this.list("services", servicesStates, endedToday)]);
        return lists;
    }

    list(which, states, more) {
        const status = states.includes(",") ? { status__in: states } : { status__exact: states };
        const place = this.territory ? { territory: this.territory } : {};
        return `${this.words.lists[which]}?${new URLSearchParams({ ...status, ...more, ...place })}`;
    }

    notices({ territories, watching, outside }) {
        const notices = [];
        if (this.strange)
            notices.push(notice(`You may not watch ${this.strange}. These are the territories that you may.`));
        if (!territories.length)
            notices.push(
                notice(
                    "You are a member of no territory yet. A superuser can make you one: then their orders appear here by themselves.",
                ),
            );
        else if (!this.territory && watching.length < territories.length)
            notices.push(
                notice(
                    `Of ${territories.length} territories the first ${watching.length} are shown. Choose one to see the others.`,
                ),
            );
        if (outside && !this.territory)
            notices.push(
                notice(
                    `${outside} open order${outside > 1 ? "s lie" : " lies"} in no territory and so not on this board. `,
                    this.words.lists.outside,
                    "Show the list",
                ),
            );
        return notices;
    }
}

function options(select) {
    return [...select.options].map((option) => option.value).filter(Boolean);
}

function notice(text, address, label) {
    const line = document.createElement("p");
    line.className = "notice";
    line.textContent = text;
    if (address) line.append(Object.assign(document.createElement("a"), { href: address, textContent: label }));
    return line;
}
