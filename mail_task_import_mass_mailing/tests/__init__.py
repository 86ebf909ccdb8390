from importlib.util import find_spec

if find_spec("environment"):  # the stage, see the tests of mail_task_import
    from . import test_bouncing
    from . import test_browser_marketer
    from . import test_browser_placeholders
    from . import test_empties
    from . import test_faults_mailings
    from . import test_mailings
    from . import test_opting_out
    from . import test_quoted_links
    from . import test_readers
    from . import test_templates
    from . import test_way_out
