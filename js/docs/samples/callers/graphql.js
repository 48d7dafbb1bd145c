fetch401.unauthorizedWhen(async (response) => {
  if (!new URL(response.url).pathname.endsWith("/graphql")) return false;
  const { errors = [] } = await response.json();
  return errors.some(({ extensions }) => extensions?.code === "UNAUTHENTICATED");
});
