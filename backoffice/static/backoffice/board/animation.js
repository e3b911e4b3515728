/* Animate elements that change their place on the page, unless the reader prefers reduced motion. */

const MAX_ANIMATIONS = 24; // more at once cannot be followed
const TIMING = { duration: 650, easing: "cubic-bezier(.25,.8,.3,1)" };
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** Call `update`, and animate the nodes that it has moved if `isEnabled`. */
export function animateMoves(nodes, isEnabled, update) {
    if (!isEnabled || reducedMotion.matches || document.hidden) {
        update();
        return;
    }
    const before = new Map(nodes.map((node) => [node, { parent: node.parentNode, box: node.getBoundingClientRect() }]));
    update();
    const moved = [...before].filter(
        ([node, { box }]) => node.isConnected && hasMoved(box, node.getBoundingClientRect()),
    );
    for (const [node, { parent, box }] of moved.slice(0, MAX_ANIMATIONS)) {
        if (node.parentNode === parent) slide(node, box);
        else fly(node, box);
    }
}

function hasMoved(from, to) {
    return Math.abs(from.left - to.left) + Math.abs(from.top - to.top) > 2;
}

function keyframes(from, to) {
    return [{ transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` }, { transform: "none" }];
}

function slide(node, from) {
    node.animate(keyframes(from, node.getBoundingClientRect()), TIMING);
}

/** Animate a copy between two columns: columns clip their content, so the node itself cannot leave one. */
function fly(node, from) {
    const to = node.getBoundingClientRect();
    if (!to.width || !from.width) return; // in a column that is hidden on a phone
    const copy = createFlyingCopy(node, to);
    document.body.append(copy);
    node.style.opacity = 0; // `visibility: hidden` would lose the focus
    const animation = copy.animate(keyframes(from, to), TIMING);
    const finish = () => {
        copy.remove();
        node.style.opacity = "";
    };
    animation.onfinish = finish;
    animation.oncancel = finish;
}

function createFlyingCopy(node, { left, top, width }) {
    const copy = node.cloneNode(true);
    copy.classList.add("flying");
    copy.removeAttribute("data-order");
    copy.setAttribute("aria-hidden", "true");
    copy.inert = true;
    Object.assign(copy.style, { left: `${left}px`, top: `${top}px`, width: `${width}px` });
    return copy;
}
