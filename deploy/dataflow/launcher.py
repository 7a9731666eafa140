"""What Dataflow's Flex template starts: `pipeline.dataflow_template` says what it takes."""

import sys

from pipeline.dataflow_template import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
