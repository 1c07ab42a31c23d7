/** Made by the build (`frontend/python-files.ts`): where Python's files are, and the lock that names the wheels. */
declare module "virtual:python" {
    const files: import("./pyodide.ts").PythonFiles
    export default files
}
