# Runs COMMAND and writes what it prints to OUTPUT.
execute_process(COMMAND ${COMMAND} OUTPUT_VARIABLE text RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "failed (${status}): ${COMMAND}")
endif()
file(WRITE ${OUTPUT} "${text}")
