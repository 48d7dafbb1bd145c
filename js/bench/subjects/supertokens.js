// The quick start of supertokens-website. It replaces fetch and patches XMLHttpRequest.
import SuperTokens from "supertokens-website";

SuperTokens.init({ apiDomain: location.origin, apiBasePath: location.pathname + "auth" });
