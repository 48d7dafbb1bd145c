import { Client, fetchExchange, gql } from "@urql/core";

/** What urql's bindings for React, Vue and others are made of. */
const client = new Client({ url: "/", exchanges: [fetchExchange], preferGetMethod: true });
const QUERY = gql`query { me }`;
const MUTATION = gql`mutation ($text: String!) { write(text: $text) }`;

window.callers = {
  urql: {
    /** GET asks, POST writes the body. */
    call: (method, url, text, signal) =>
      new Promise((resolve) => {
        const asked = method === "GET" ? client.query(QUERY, {}, { url }) : client.mutation(MUTATION, { text }, { url });
        const { unsubscribe } = asked.subscribe(({ data, error }) => {
          // Else the next one of the kind is given this result first.
          setTimeout(() => unsubscribe());
          if (!error) return resolve({ status: 200, data });
          const { response, graphQLErrors } = error;
          resolve({ failed: error.name, status: response?.status, code: graphQLErrors[0]?.extensions.code, is401: response?.status === 401 });
        });
        signal?.addEventListener("abort", () => (unsubscribe(), resolve({ failed: "unsubscribed" })));
      }),
  },
};
