/** Columns of dots from the middle outwards: low sounds in the middle, as a mouth is. */
export function columnsOf(spectrum: Uint8Array, count: number): number[] {
  const half = Math.ceil(count / 2);
  // A voice lives below about 6 kHz: the upper bins would only ever be dark.
  const bins = Math.floor(spectrum.length * 0.28);
  const bands = Array.from({ length: half }, (_, band) => {
    // Each band is a little wider than the one before, as the ear hears.
    const from = Math.floor(bins * (band / half) ** 1.6);
    const to = Math.max(from + 1, Math.floor(bins * ((band + 1) / half) ** 1.6));
    let sum = 0;
    for (let bin = from; bin < to; bin += 1) sum += spectrum[bin] ?? 0;
    return sum / (to - from) / 255;
  });
  return Array.from({ length: count }, (_, column) => {
    const fromMiddle = column < half ? half - 1 - column : column - (count - half);
    return bands[fromMiddle] ?? 0;
  });
}

/** Lets levels fall more slowly than they rise: quick enough to follow syllables, slow enough for the eye. */
export function settleLevels(before: readonly number[], now: readonly number[], fall = 0.86): number[] {
  return now.map((level, index) => Math.max(level, (before[index] ?? 0) * fall));
}

/** Space between the middles of two dots, in CSS pixels. */
const pitch = 13;
const smallest = 1.3;
const largest = 4.6;

/** Where a picture is drawn and in which colours. */
export interface DotCanvas {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  ink: string;
  highlight: string;
}

/** How many columns of dots fit. */
export function columnCount(width: number): number {
  return Math.max(1, Math.floor(width / pitch));
}

/** How many rows of dots fit whole: an odd number, so that one lies in the middle. */
export function rowCount(height: number): number {
  const rows = Math.floor(height / pitch);
  return Math.max(1, rows % 2 === 0 ? rows - 1 : rows);
}

/** Draws a field of dots that swell where there is sound. At silence it is an even grid of small dots. */
export function drawDots(canvas: DotCanvas, levels: readonly number[]): void {
  const { context, width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const rows = rowCount(height);
  const middle = (rows - 1) / 2;
  const left = (width - (levels.length - 1) * pitch) / 2;
  const top = height / 2 - middle * pitch;
  for (const [column, level] of levels.entries()) {
    const reach = level * (middle + 1.4);
    for (let row = 0; row < rows; row += 1) {
      const strength = Math.max(0, Math.min(1, reach - Math.abs(row - middle)));
      const isTip = strength > 0 && level > 0.62 && reach - Math.abs(row - middle) <= 1;
      context.globalAlpha = 0.22 + 0.78 * strength;
      context.fillStyle = isTip ? canvas.highlight : canvas.ink;
      context.beginPath();
      context.arc(left + column * pitch, top + row * pitch, smallest + (largest - smallest) * strength, 0, Math.PI * 2);
      context.fill();
    }
  }
  context.globalAlpha = 1;
}

/** Draws how far the message is as a row of dots that do not move: for who asked for less motion. */
export function drawStill(canvas: DotCanvas, share: number): void {
  const { context, width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const count = columnCount(width);
  const left = (width - (count - 1) * pitch) / 2;
  for (let column = 0; column < count; column += 1) {
    const done = (column + 0.5) / count <= share;
    context.globalAlpha = done ? 1 : 0.3;
    context.fillStyle = canvas.ink;
    context.beginPath();
    context.arc(left + column * pitch, height / 2, done ? 4 : 2, 0, Math.PI * 2);
    context.fill();
  }
  context.globalAlpha = 1;
}
