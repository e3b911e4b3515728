/* select2 makes boxes of its own for the letters and does not tell screen readers what they are for: the label does. */
function name(select) {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const box = select.parentElement.querySelector(".select2-selection");
    const chosen = box?.querySelector(".select2-selection__rendered");
    if (!label || !chosen) return;
    label.id ||= `label-of-${select.id}`;
    box.setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
    chosen.setAttribute("aria-labelledby", label.id);
}

/* When jQuery is ready, as the admin's own script before this one makes the boxes then. */
window.django?.jQuery?.(() => document.querySelectorAll("select.admin-autocomplete").forEach(name));
