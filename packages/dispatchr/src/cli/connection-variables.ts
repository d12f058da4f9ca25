/** The variable that names the recorder which the task commands speak to. */
export const URL_VARIABLE = 'DISPATCHR_URL';

/** The variable that holds its bearer token: the same as that of the service. */
export const TOKEN_VARIABLE = 'DISPATCHR_TOKEN';
