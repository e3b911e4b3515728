/* Preview photos and videos before the upload, offer to choose the primary one, and check types and sizes. */

const TYPES = ["image/jpeg", "image/png", "video/mp4", "video/quicktime"];
const MEGABYTE = 2 ** 20;

for (const form of document.querySelectorAll("form[data-media]")) {
    const input = form.querySelector("input[type=file]");
    const errorList = form.querySelector("[data-refusals]");
    const previews = form.querySelector("[data-previews]");
    const list = form.querySelector("[data-list]");

    input.addEventListener("change", () => {
        const files = [...input.files];
        const errors = validate(files, Number(input.dataset.maxBytes), Number(input.dataset.maxFiles));
        errorList.replaceChildren(...errors.map((error) => createText(error, "li")));
        errorList.hidden = errors.length === 0;
        input.setCustomValidity(errors.join(" "));
        if (errors.length) input.value = "";
        for (const media of list.querySelectorAll("[src]")) URL.revokeObjectURL(media.src);
        const accepted = errors.length ? [] : files;
        const primary = accepted.findIndex(isPhoto);
        list.replaceChildren(...accepted.map((file, index) => createPreview(file, index, index === primary)));
        previews.hidden = accepted.length === 0;
    });
}

/** Return the reasons why the server would refuse these files. */
function validate(files, maxBytes, maxFiles) {
    const errors = [];
    if (files.length > maxFiles) errors.push(`At most ${maxFiles} files at once; these are ${files.length}.`);
    for (const file of files) {
        if (!TYPES.includes(file.type)) errors.push(`${file.name}: only JPG, PNG, MP4, MOV files are accepted.`);
        else if (file.size > maxBytes)
            errors.push(`${file.name}: each file must be at most ${maxBytes / MEGABYTE} MB.`);
    }
    return errors;
}

function isPhoto(file) {
    return file.type.startsWith("image/");
}

function createPreview(file, index, isPrimary) {
    const item = document.createElement("li");
    const media = document.createElement(isPhoto(file) ? "img" : "video");
    media.src = URL.createObjectURL(file);
    if (isPhoto(file)) media.alt = file.name;
    else Object.assign(media, { controls: true, ariaLabel: file.name });
    const actions = document.createElement("div");
    actions.className = "media-actions";
    actions.append(isPhoto(file) ? createRadio(index, isPrimary) : "Video", createText(file.name, "small"));
    item.append(media, actions);
    return item;
}

function createRadio(index, isPrimary) {
    const label = document.createElement("label");
    const radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: "primary_index", value: index, defaultChecked: isPrimary });
    label.append(radio, " Primary");
    return label;
}

function createText(text, name) {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
}
