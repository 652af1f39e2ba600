// Facts about what is drawn. Each function runs in the page: none may refer to anything outside itself.

/** Visible elements that stick out of the viewport sideways, as sentences. */
export function overflowing() {
  const clipped = (element) => {
    for (let parent = element.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
      if (getComputedStyle(parent).overflowX !== 'visible') return true;
    }
    return false;
  };
  const width = document.documentElement.clientWidth;
  return [...document.body.querySelectorAll('*')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    // Hidden from sight, for screen readers only; or parked beside the page until it gets the focus.
    .filter(({ box }) => box.width > 1 && box.height > 1 && box.right > 0 && box.left < width)
    .filter(({ box }) => box.right > width + 1 || box.left < -1)
    .filter(({ element }) => !clipped(element))
    .slice(0, 5)
    .map(({ element, box }) => {
      const name = element.dataset.testid ?? (element.className || element.id || '');
      return `${element.localName} ${name} reaches from ${box.left.toFixed(0)} to ${box.right.toFixed(0)} in ${width} px`;
    });
}

/**
 * WCAG contrast of the text of the first visible element of each selector with what is behind it.
 * Left out: disabled controls, and elements in front of a picture or a gradient.
 */
export function contrasts(selectors) {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  // Any CSS colour as [r, g, b, alpha], 0 to 255 and 0 to 1.
  const parse = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (front, back) => [0, 1, 2].map((i) => front[i] * front[3] + back[i] * (1 - front[3])).concat(1);
  const luminance = ([r, g, b]) => {
    const linear = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const background = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== 'none') return null;
      const colour = parse(style.backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((back, front) => over(front, back), [255, 255, 255, 1]);
  };
  const out = [];
  for (const selector of selectors) {
    const element = [...document.querySelectorAll(selector)].find((candidate) => candidate.checkVisibility() && !candidate.disabled);
    const behind = element && background(element);
    if (!behind) continue;
    const text = over(parse(getComputedStyle(element).color), behind);
    const [low, high] = [luminance(text), luminance(behind)].sort((a, b) => a - b);
    const colours = [text, behind].map((colour) => `rgb(${colour.slice(0, 3).map(Math.round).join(' ')})`).join(' on ');
    out.push({ selector, ratio: (high + 0.05) / (low + 0.05), colours });
  }
  return out;
}

/** Relative luminance of the page's background, 0 to 1. */
export function pageLuminance() {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const pen = canvas.getContext('2d');
  for (const colour of ['white', getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.body).backgroundColor]) {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
  }
  const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
  const linear = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}
