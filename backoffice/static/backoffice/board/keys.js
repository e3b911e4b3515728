/* Everything by the keyboard: between cards and columns, and to what stands above them. */

const STEPS = {
    ArrowDown: [0, 1],
    j: [0, 1],
    ArrowUp: [0, -1],
    k: [0, -1],
    ArrowRight: [1, 0],
    l: [1, 0],
    ArrowLeft: [-1, 0],
    h: [-1, 0],
};

export class Keys {
    constructor(root, { filters, sound, dialog, show }) {
        this.root = root;
        this.acts = {
            "/": () => filters.querySelector("select").focus(),
            "?": () => dialog.showModal(),
            m: () => sound.toggle(),
            f: () =>
                document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
        };
        this.dialog = dialog;
        this.show = show;
        document.addEventListener("keydown", (event) => this.press(event));
        root.addEventListener("focusin", (event) => this.remember(event.target));
    }

    press(event) {
        if (event.ctrlKey || event.metaKey || event.altKey || this.dialog.open) return;
        if (event.key === "Escape" && event.target.closest("select")) event.target.blur();
        if (event.target.closest("select, input, textarea")) return;
        const act = this.acts[event.key] ?? (STEPS[event.key] && (() => this.step(...STEPS[event.key])));
        if (!act) return;
        event.preventDefault();
        act();
    }

    step(across, down) {
        const here = document.activeElement.closest(".order");
        const target = here
            ? across
                ? this.beside(here, across)
                : this.along(here, down)
            : this.root.querySelector(".order");
        if (!target) return;
        this.show(target.closest("section").dataset.column);
        target.firstElementChild.focus();
    }

    along(here, down) {
        return down > 0 ? here.nextElementSibling : here.previousElementSibling;
    }

    /* The card at the same height in the next column that has any. */
    beside(here, across) {
        const lists = [...this.root.querySelectorAll(".cards")].filter((list) => list.children.length);
        const list = lists[lists.indexOf(here.parentNode) + across];
        if (!list) return null;
        const place = [...here.parentNode.children].indexOf(here);
        return list.children[Math.min(place, list.children.length - 1)];
    }

    /* One card of each column is a stop of the Tab key: the last one that was chosen. */
    remember(target) {
        const list = target.closest(".cards");
        if (!list) return;
        for (const link of list.querySelectorAll('a[tabindex="0"]')) link.tabIndex = -1;
        target.tabIndex = 0;
    }
}
