// Named by the hooks' commands in the state of a mesh from before `keepCompiled.js`, which they need when it is destroyed.
import "./keepCompiled.js";
