/** The Worker of the demo. Pages and the library are static assets, so only what belongs to the backend starts Go. */

import program from "./app.wasm";
import { missing } from "./pages.js";
import { serve } from "./serve.js";

export default serve(program, missing);
