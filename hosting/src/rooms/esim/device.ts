export type Device = 'iphone' | 'android' | 'other';

/** Guesses the device from the browser; an iPad that claims to be a Mac gives itself away by its touch screen. */
export function guessDevice(userAgent: string, touchPoints: number): Device {
  if (/iPhone|iPad/.test(userAgent) || (userAgent.includes('Macintosh') && touchPoints > 1)) return 'iphone';
  return userAgent.includes('Android') ? 'android' : 'other';
}
