/** Amounts are whole numbers of a currency's smallest unit; how many digits that is, the browser knows (ISO 4217). */

const formatOf = (currency) => new Intl.NumberFormat([], { style: "currency", currency });

/** Digits after the point: 2 for EUR, 0 for JPY. */
export const digitsOf = (currency) => formatOf(currency).resolvedOptions().maximumFractionDigits;

export const money = (minor, currency) => formatOf(currency).format(minor / 10 ** digitsOf(currency));
