/**
 * What a final 401 rejects with under `data-unauthorized="reject"`. It has what Axios users look for:
 * `error.response.status === 401`.
 */
export class UnauthorizedError extends Error {
  /** @override */
  name = "UnauthorizedError";
  code = "FETCH401_UNAUTHORIZED";
  status = 401;

  /**
   * @param {string} reason
   * @param {Response} response unread
   * @param {{ url: string, method: string }} request without query and fragment
   */
  constructor(reason, response, request) {
    super(`fetch401: 401 for ${request.method} ${request.url} (${reason})`);
    this.reason = reason;
    this.response = response;
    this.request = request;
  }
}
