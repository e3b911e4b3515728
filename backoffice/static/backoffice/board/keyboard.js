/* Keyboard shortcuts, and moving the focus between cards and columns. */

const DOWN = [0, 1];
const UP = [0, -1];
const RIGHT = [1, 0];
const LEFT = [-1, 0];
const DIRECTIONS = {
    ArrowDown: DOWN,
    j: DOWN,
    ArrowUp: UP,
    k: UP,
    ArrowRight: RIGHT,
    l: RIGHT,
    ArrowLeft: LEFT,
    h: LEFT,
};

export class Keyboard {
    constructor(root, { filters, sound, dialog, showColumn }) {
        this.root = root;
        this.actions = {
            "/": () => filters.querySelector("select").focus(),
            "?": () => dialog.showModal(),
            m: () => sound.toggle(),
            f: toggleFullscreen,
        };
        this.dialog = dialog;
        this.showColumn = showColumn;
        document.addEventListener("keydown", (event) => this.handleKey(event));
        root.addEventListener("focusin", (event) => moveTabStop(event.target));
    }

    handleKey(event) {
        if (event.ctrlKey || event.metaKey || event.altKey || this.dialog.open) return;
        if (event.key === "Escape" && event.target.closest("select")) event.target.blur();
        if (event.target.closest("select, input, textarea")) return;
        const direction = DIRECTIONS[event.key];
        const action = this.actions[event.key] ?? (direction && (() => this.moveFocus(...direction)));
        if (!action) return;
        event.preventDefault();
        action();
    }

    moveFocus(across, down) {
        const card = document.activeElement.closest(".order");
        const target = card ? this.neighbour(card, across, down) : this.root.querySelector(".order");
        if (!target) return;
        this.showColumn(target.closest("section").dataset.column);
        target.firstElementChild.focus();
    }

    neighbour(card, across, down) {
        if (across) return this.besideInRow(card, across);
        return down > 0 ? card.nextElementSibling : card.previousElementSibling;
    }

    /** Return the card at the same height in the next column that has any. */
    besideInRow(card, across) {
        const lists = [...this.root.querySelectorAll(".cards")].filter((list) => list.children.length);
        const list = lists[lists.indexOf(card.parentNode) + across];
        if (!list) return null;
        const index = [...card.parentNode.children].indexOf(card);
        return list.children[Math.min(index, list.children.length - 1)];
    }
}

function toggleFullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
}

/** Make the focused card the only one of its column that the Tab key reaches. */
function moveTabStop(target) {
    const list = target.closest(".cards");
    if (!list) return;
    for (const link of list.querySelectorAll('a[tabindex="0"]')) link.tabIndex = -1;
    target.tabIndex = 0;
}
