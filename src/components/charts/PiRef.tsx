/** π_ref, set properly, where a whole formula would be too much. */
export const PiRef = () => <span className="pi-ref" data-term="pi-ref">π<sub>ref</sub></span>;
