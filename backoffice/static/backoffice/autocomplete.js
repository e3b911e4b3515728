/* Name the boxes of select2 after the label of their field, which select2 does not do, for screen readers. */

function nameBox(select) {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const box = select.parentElement.querySelector(".select2-selection");
    const selected = box?.querySelector(".select2-selection__rendered");
    if (!label || !selected) return;
    label.id ||= `label-of-${select.id}`;
    box.setAttribute("aria-labelledby", `${label.id} ${selected.id}`);
    selected.setAttribute("aria-labelledby", label.id);
}

// The admin's own script, which comes first, creates the boxes when jQuery is ready.
window.django?.jQuery?.(() => document.querySelectorAll("select.admin-autocomplete").forEach(nameBox));
