/* What changes its place is seen to move there, unless the reader wants no motion. */

const MOST_AT_ONCE = 24; // beyond, nobody could follow
const TIMING = { duration: 650, easing: "cubic-bezier(.25,.8,.3,1)" };
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export function glide(nodes, isWanted, change) {
    if (!isWanted || calm.matches || document.hidden) {
        change();
        return;
    }
    const before = new Map(nodes.map((node) => [node, { parent: node.parentNode, box: node.getBoundingClientRect() }]));
    change();
    const moved = [...before].filter(
        ([node, was]) => node.isConnected && hasMoved(was.box, node.getBoundingClientRect()),
    );
    for (const [node, was] of moved.slice(0, MOST_AT_ONCE)) {
        if (node.parentNode === was.parent) slide(node, was.box);
        else fly(node, was.box);
    }
}

function hasMoved(was, is) {
    return Math.abs(was.left - is.left) + Math.abs(was.top - is.top) > 2;
}

function slide(node, was) {
    const is = node.getBoundingClientRect();
    node.animate(
        [{ transform: `translate(${was.left - is.left}px, ${was.top - is.top}px)` }, { transform: "none" }],
        TIMING,
    );
}

/* Columns clip what they hold: between them flies a likeness. */
function fly(node, was) {
    const is = node.getBoundingClientRect();
    if (!is.width || !was.width) return; // in a column that the phone does not show now
    const likeness = node.cloneNode(true);
    likeness.classList.add("flying");
    likeness.removeAttribute("data-order");
    likeness.setAttribute("aria-hidden", "true");
    likeness.inert = true;
    Object.assign(likeness.style, { left: `${is.left}px`, top: `${is.top}px`, width: `${is.width}px` });
    document.body.append(likeness);
    node.style.opacity = 0; // what is hidden loses the focus
    const from = { transform: `translate(${was.left - is.left}px, ${was.top - is.top}px)` };
    const flight = likeness.animate([from, { transform: "none" }], TIMING);
    flight.onfinish = flight.oncancel = () => {
        likeness.remove();
        node.style.opacity = "";
    };
}
