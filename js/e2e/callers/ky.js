import ky from "ky";

window.callers = {
  ky: {
    call: (method, url, body, signal) =>
      ky(url, { method, body, signal, retry: 0 }).then(
        async (response) => ({ status: response.status, text: await response.text() }),
        async (error) => ({ failed: error.name, status: error.response?.status, is401: error.response?.status === 401 }),
      ),
  },
};
