/** For reading: four significant digits; a dash where there is none. */
export function short(value) {
  if (value === null || value === undefined || value === "") return "\u2013";
  const number = Number(value);
  if (!Number.isFinite(number)) return String(value);
  if (Number.isInteger(number) && Math.abs(number) < 1e9) return String(number);
  return String(Number(number.toPrecision(4)));
}
