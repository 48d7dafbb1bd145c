"use client";

import { useEffect, useState } from "react";
// So that fetch401 is among what renders on the server, too.
import { UnauthorizedError } from "fetch401";

export default function Page() {
  const [status, setStatus] = useState();
  useEffect(() => {
    fetch("/api/orders").then(
      (response) => setStatus(response.status),
      (error) => setStatus(error instanceof UnauthorizedError ? "ended" : "failed"),
    );
  }, []);
  return <output>{status}</output>;
}
