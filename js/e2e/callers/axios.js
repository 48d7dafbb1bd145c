import axios from "axios";

/** @param {"xhr" | "fetch"} adapter */
const caller = (adapter) => ({
  /** As hand-written before: what the seed of this project stood for. */
  call: (method, url, data, signal) =>
    axios({ method, url, data, signal, adapter, responseType: "text", transformResponse: (text) => text }).then(
      ({ status, data }) => ({ status, text: data }),
      (error) => ({ failed: error.code ?? error.name, status: error.response?.status, text: error.response?.data, is401: error.response?.status === 401 }),
    ),
  async upload(url, body) {
    const seen = [];
    const { status } = await axios({ method: "POST", url, data: body, adapter, onUploadProgress: ({ loaded, total }) => seen.push([loaded, total]) });
    return { status, last: seen.at(-1), rises: seen.every(([loaded], i) => !i || loaded >= seen[i - 1][0]) };
  },
});

window.callers = { "axios (xhr adapter)": caller("xhr"), "axios (fetch adapter)": caller("fetch") };
