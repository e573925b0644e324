// How a script asks the server: by the hidden boxes of the page, as a reader would type into them.
const fill = (selector, value) => {
  const field = document.querySelector(selector);
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return field;
};

const request = (box, text) => {
  const field = fill(`#${box} :is(input, textarea)`, text);
  // Gradio takes the value over first.
  setTimeout(() => field.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", bubbles: true, cancelable: true })));
};
