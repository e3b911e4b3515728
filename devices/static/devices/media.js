// Shows pictures and films before they are sent, lets one be chosen as primary, and refuses early what the server would.

const KINDS = ["image/jpeg", "image/png", "video/mp4", "video/quicktime"];
const MEGABYTE = 2 ** 20;

for (const form of document.querySelectorAll("form[data-media]")) {
    const input = form.querySelector("input[type=file]");
    const refusals = form.querySelector("[data-refusals]");
    const previews = form.querySelector("[data-previews]");
    const list = form.querySelector("[data-list]");

    input.addEventListener("change", () => {
        const files = [...input.files];
        const wrong = complaints(files, Number(input.dataset.maxBytes), Number(input.dataset.maxFiles));
        refusals.replaceChildren(...wrong.map((words) => line(words)));
        refusals.hidden = wrong.length === 0;
        input.setCustomValidity(wrong.join(" "));
        if (wrong.length) input.value = "";
        for (const shown of list.querySelectorAll("[src]")) URL.revokeObjectURL(shown.src);
        const sound = wrong.length ? [] : files;
        const primary = sound.findIndex(isPicture);
        list.replaceChildren(...sound.map((file, index) => preview(file, index, index === primary)));
        previews.hidden = sound.length === 0;
    });
}

function complaints(files, maxBytes, maxFiles) {
    const wrong = [];
    if (files.length > maxFiles) wrong.push(`At most ${maxFiles} files at once; these are ${files.length}.`);
    for (const file of files) {
        if (!KINDS.includes(file.type)) wrong.push(`${file.name}: only JPG, PNG, MP4, MOV files are accepted.`);
        else if (file.size > maxBytes) wrong.push(`${file.name}: each file must be at most ${maxBytes / MEGABYTE} MB.`);
    }
    return wrong;
}

function isPicture(file) {
    return file.type.startsWith("image/");
}

function preview(file, index, isPrimary) {
    const item = document.createElement("li");
    const shown = document.createElement(isPicture(file) ? "img" : "video");
    shown.src = URL.createObjectURL(file);
    if (isPicture(file)) shown.alt = file.name;
    else Object.assign(shown, { controls: true, ariaLabel: file.name });
    const acts = document.createElement("div");
    acts.className = "acts";
    acts.append(isPicture(file) ? choice(index, isPrimary) : "Film", line(file.name, "small"));
    item.append(shown, acts);
    return item;
}

function choice(index, isPrimary) {
    const label = document.createElement("label");
    const radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: "primary_index", value: index, defaultChecked: isPrimary });
    label.append(radio, " Primary");
    return label;
}

function line(text, name = "li") {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
}
