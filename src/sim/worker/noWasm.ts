/** In place of the address of the WebAssembly without SIMD, which the lab as one file does not hold (scripts/offline/oneFile.mjs). */
export default '';
