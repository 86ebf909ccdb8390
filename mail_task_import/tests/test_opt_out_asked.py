"""Who is out of mailings is asked once a transaction, and anew when that transaction changes it."""

from odoo.tests import tagged

from .test_opt_out import ANN, BOB, EVE, OptOutCase


@tagged("post_install", "-at_install")
class TestWhoIsOut(OptOutCase):
    def test_a_transaction_asks_once_for_each_address(self):
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        with self.assertQueryCount(1):
            self.assertEqual(self.opt_out._left_out([ANN, BOB]), {ANN})
        with self.assertQueryCount(0):
            self.assertEqual(self.opt_out._left_out({ANN, BOB, False}), {ANN})
        with self.assertQueryCount(1):
            self.assertEqual(self.opt_out._left_out([ANN, EVE]), {ANN})

    def test_what_it_changes_itself_it_asks_again(self):
        self.assertFalse(self.opt_out._left_out([ANN, BOB]))
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        self.assertEqual(self.opt_out._left_out([ANN, BOB]), {ANN})
        state = self.fails(BOB)
        self.assertEqual(self.opt_out._left_out([ANN, BOB]), {ANN, BOB})
        self.opt_out._undo("all", ANN)
        self.assertEqual(self.opt_out._left_out([ANN, BOB]), {BOB})
        state.unlink()
        self.assertFalse(self.opt_out._left_out([ANN, BOB]))

    def test_what_is_taken_back_with_a_savepoint_did_not_happen(self):
        savepoint = self.env.cr.savepoint()
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        self.assertEqual(self.opt_out._left_out([ANN]), {ANN})
        savepoint.close(rollback=True)
        self.assertFalse(self.opt_out._left_out([ANN]))
