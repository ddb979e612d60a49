/** Where everything runs: one region, next to the database. */
export const region = 'us-central1';
