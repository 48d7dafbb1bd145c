import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, ServerError, gql } from "@apollo/client";

// Made when the script runs, and with the fetch that is there then.
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.from([new HttpLink({ useGETForQueries: true, uri: ({ getContext }) => getContext().to })]),
  defaultOptions: { query: { fetchPolicy: "no-cache" }, mutate: { fetchPolicy: "no-cache" } },
});
const QUERY = gql`query { me }`;
const MUTATION = gql`mutation ($text: String!) { write(text: $text) }`;

window.callers = {
  "Apollo Client": {
    /** GET asks, POST writes the body. */
    call(method, to, text, signal) {
      const context = { to, fetchOptions: { signal } };
      const asked = method === "GET" ? client.query({ query: QUERY, context }) : client.mutate({ mutation: MUTATION, variables: { text }, context });
      return asked.then(
        ({ data }) => ({ status: 200, data }),
        (error) => ({ failed: error.name, status: error.statusCode, code: error.errors?.[0].extensions.code, is401: ServerError.is(error) && error.statusCode === 401 }),
      );
    },
  },
};
