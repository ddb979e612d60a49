/**
 * Countries of the European Economic Area. Within it a contract of one country works in the others at the prices of home, within fair
 * use (Regulation (EU) 2022/612, in force until 2032).
 */
const economicArea = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '),
);

/** Whether a contract from `home` most likely works in `country` without paying more. Codes are ISO 3166-1 alpha-2. */
export function isRoamingFree(home: string, country: string): boolean {
  return home === country || (economicArea.has(home) && economicArea.has(country));
}
