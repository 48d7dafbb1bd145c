// fetch as it was before fetch-intercept replaces it: import this first.
export const native = window.fetch;
